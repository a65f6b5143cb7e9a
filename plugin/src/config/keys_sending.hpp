// The key table, third part: batches, buffers, network, retries. See keys.cpp.
#pragma once
#include "config/key_rows.hpp"

namespace snap::config {

inline constexpr auto tls_versions = choices({"TLSv1.2", "TLSv1.3"});

inline constexpr sca::config_key batching_keys[] = {
    {.name = "batch.max.events",
     .type = SCA_TYPE_INT,
     .group = group_batching,
     .default_value = "2000",
     .min_value = 1,
     .max_value = 2000,
     .doc = "Most events in one request, 1 to 2000, which is Snapchat's limit. Events are counted after fan-out. A batch is sent "
            "when "
            "this, batch.max.bytes or batch.linger.ms is reached, whichever comes first."},
    {.name = "batch.max.bytes",
     .type = SCA_TYPE_INT,
     .group = group_batching,
     .default_value = "2000000",
     .min_value = 1000,
     .max_value = 2'000'000,
     .doc = "Greatest size of a request body in bytes, envelope included, 1000 to 2000000. An event that alone exceeds it is "
            "rejected "
            "as record.too.large."},
    {.name = "batch.linger.ms",
     .type = SCA_TYPE_INT,
     .group = group_batching,
     .default_value = "500",
     .min_value = 0,
     .max_value = ten_minutes,
     .doc = "How long, in milliseconds, a batch waits for more events, at most 10 minutes. Greater values make fewer, fuller "
            "requests "
            "and later commits; 0 sends at once."},
};

inline constexpr sca::config_key buffer_keys[] = {
    {.name = "buffer.max.records",
     .type = SCA_TYPE_INT,
     .group = group_buffer,
     .default_value = "20000",
     .min_value = 1,
     .max_value = 10'000'000,
     .doc = "Most records that a task holds between Kafka and Snapchat's answer. At this number it stops taking records, and "
            "resumes "
            "at half of it. Nothing is dropped."},
    {.name = "buffer.max.bytes",
     .type = SCA_TYPE_INT,
     .group = group_buffer,
     .default_value = "33554432",
     .min_value = 1000,
     .max_value = 17'179'869'184,
     .doc =
         "Most bytes of rendered events that a task holds, default 32 MiB; at this size it stops taking records, and resumes at "
         "half of it. It must not be below batch.max.bytes."},
};

inline constexpr sca::config_key network_keys[] = {
    {.name = "max.in.flight.requests",
     .type = SCA_TYPE_INT,
     .group = group_network,
     .default_value = "4",
     .min_value = 1,
     .max_value = 128,
     .doc = "Concurrent HTTPS sessions of one task, 1 to 128. More carry more events over a slow link; each keeps one batch in "
            "memory."},
    {.name = "connect.timeout.ms",
     .type = SCA_TYPE_INT,
     .group = group_network,
     .default_value = "10000",
     .min_value = 1,
     .max_value = ten_minutes,
     .doc = "Longest time in milliseconds for name look-up, TCP, proxy and TLS handshake together. Afterwards the attempt failed "
            "and is "
            "retried."},
    {.name = "request.timeout.ms",
     .type = SCA_TYPE_INT,
     .group = group_network,
     .default_value = "30000",
     .min_value = 1,
     .max_value = ten_minutes,
     .doc = "Longest time in milliseconds from the first byte of a request to the last of its answer. Afterwards the same events "
            "are "
            "sent again with the same ids; below 5 seconds Snapchat may still be working on the first copy."},
    {.name = "ssl.ca.file",
     .type = SCA_TYPE_STRING,
     .group = group_network,
     .doc = "PEM file with the certificate authorities to trust, instead of the system's. The server's certificate and name are "
            "always verified."},
    {.name = "ssl.min.version",
     .type = SCA_TYPE_STRING,
     .importance = SCA_IMPORTANCE_LOW,
     .group = group_network,
     .default_value = "TLSv1.2",
     .valid_values = tls_versions,
     .doc = "Lowest version of TLS that is spoken. A server that offers only older ones is not connected to."},
    {.name = "proxy.url",
     .type = SCA_TYPE_SECRET,
     .group = group_network,
     .doc =
         "HTTP proxy through which Snapchat is reached by CONNECT: http://host:port or http://user:password@host:port; write "
         "special "
         "characters of user and password as %XX. The proxy sees the host name only, not the events. None by default, and none "
         "is taken from the environment."},
};

inline constexpr sca::config_key retry_keys[] = {
    {.name = "retry.backoff.ms",
     .type = SCA_TYPE_INT,
     .group = group_retry,
     .default_value = "200",
     .min_value = 1,
     .max_value = ten_minutes,
     .doc = "Upper end, in milliseconds, of the random pause before the first retry; it doubles with every further one. What is "
            "retried: "
            "failures of the link, 408, 425, 429 and 5xx."},
    {.name = "retry.backoff.max.ms",
     .type = SCA_TYPE_INT,
     .group = group_retry,
     .default_value = "60000",
     .min_value = 1,
     .max_value = one_day,
     .doc = "Where the doubling of retry.backoff.ms ends, in milliseconds. A Retry-After of Snapchat's of up to 15 minutes is "
            "honoured "
            "in full, also beyond this value; a longer one is not believed and counts as this value."},
    {.name = "retry.timeout.ms",
     .type = SCA_TYPE_INT,
     .group = group_retry,
     .default_value = "-1",
     .min_value = -1,
     .max_value = ten_years,
     .doc = "How long, in milliseconds, an event is retried before it is rejected as retry.timeout. -1 means for ever: an outage "
            "holds "
            "the records back, and none goes to the dead letter queue because of it."},
    {.name = "rate.limit.requests.per.second",
     .type = SCA_TYPE_DOUBLE,
     .importance = SCA_IMPORTANCE_LOW,
     .group = group_retry,
     .default_value = "0",
     .min_value = 0,
     .max_value = 100'000,
     .doc = "Most requests a second of one task and access token, 0 for no limit. After a 429 a task halves what it sends by "
            "itself, and "
            "returns within about a minute. Snapchat recommends at most 1000 for a "
            "long-lived token; "
            "divide by the number of tasks that share it."},
};

}  // namespace snap::config
