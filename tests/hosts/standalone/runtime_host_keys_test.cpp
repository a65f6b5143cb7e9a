#include <catch2/catch.hpp>

#include "task.hpp"

using sinkhost::is_host_key;

TEST_CASE("the host keeps its own keys from the sink") {
  const auto* const key =
      GENERATE("name", "connector.class", "topics", "topics.regex", "tasks.max", "key.converter", "value.converter",
               "value.converter.schemas.enable", "header.converter", "transforms", "transforms.a.type", "predicates.p.type",
               "errors.tolerance", "errors.deadletterqueue.topic.name", "consumer.override.group.id", "producer.override.acks",
               "admin.override.x", "config.action.reload");
  CHECK(is_host_key(key));
}

TEST_CASE("every other key is the sink's to judge") {
  const auto* const key =
      GENERATE("snapchat.pixel.id", "mapping.preset", "topic", "topicsx", "names", "errors", "consumerx", "batch.max.events", "");
  CHECK_FALSE(is_host_key(key));
}
