// bench_naive: the pipeline somebody would write in an afternoon, and competently: consume, parse into a DOM, map by hand, hash,
// write, POST bodies of 2000 events over one keep-alive connection. Commits nothing, retries nothing, checks nothing. The
// yardstick of ./run. usage: bench_naive BOOTSTRAP TOPIC GROUP EVENTS PORT CA_FILE
#include <librdkafka/rdkafka.h>
#include <openssl/evp.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/monotonic_resource.hpp>
#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace json = boost::json;

struct kafka_deleter {
  void operator()(rd_kafka_t* k) const noexcept { rd_kafka_destroy(k); }
};
struct message_deleter {
  void operator()(rd_kafka_message_t* m) const noexcept { rd_kafka_message_destroy(m); }
};
struct list_deleter {
  void operator()(rd_kafka_topic_partition_list_t* l) const noexcept { rd_kafka_topic_partition_list_destroy(l); }
};
struct digest_deleter {
  void operator()(EVP_MD_CTX* c) const noexcept { EVP_MD_CTX_free(c); }
};

class sha256 {
 public:
  sha256() : context_(EVP_MD_CTX_new()) { EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr); }
  void append_hex(std::string& out, std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<unsigned char, 32> digest{};
    EVP_DigestInit_ex(context_.get(), nullptr, nullptr);
    EVP_DigestUpdate(context_.get(), text.data(), text.size());
    EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr);
    for (const unsigned char byte : digest) {
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }

 private:
  std::unique_ptr<EVP_MD_CTX, digest_deleter> context_;
};

class mapper {
 public:
  void append_event(std::string& out, std::string_view record) {
    json::monotonic_resource memory(buffer_.data(), buffer_.size());
    parser_.reset(&memory);
    parser_.write(record.data(), record.size());
    const json::value value = parser_.release();
    const json::object& e = value.as_object();
    const json::object& context = e.at("context").as_object();
    const json::object& traits = context.at("traits").as_object();
    const json::object& properties = e.at("properties").as_object();
    out += R"({"event_name":"PURCHASE","action_source":"WEB","event_time":)";
    out += std::to_string(seconds(text(e, "timestamp")));
    member(out, "event_id", text(e, "messageId"));
    member(out, "event_source_url", text(context.at("page").as_object(), "url"));
    out += R"(,"user_data":{)";
    hashed(out, "em", lower(text(properties, "email")));
    out += ',';
    hashed(out, "ph", digits(text(properties, "phone")));
    out += ',';
    hashed(out, "fn", lower(text(traits, "first_name")));
    out += ',';
    hashed(out, "ln", lower(text(traits, "last_name")));
    out += ',';
    hashed(out, "country", lower(text(traits.at("address").as_object(), "country")));
    out += ',';
    hashed(out, "external_id", lower(text(e, "userId")));
    member(out, "client_ip_address", text(context, "ip"));
    member(out, "client_user_agent", text(context, "userAgent"));
    out += R"(},"custom_data":{"value":)";
    out += json::serialize(properties.at("revenue"));
    member(out, "currency", text(properties, "currency"));
    member(out, "order_id", text(properties, "order_id"));
    const json::array& products = properties.at("products").as_array();
    list(out, "content_ids", products, "product_id");
    list(out, "content_category", products, "category");
    list(out, "brands", products, "brand");
    contents(out, products);
    std::int64_t items = 0;
    for (const auto& p : products) items += p.as_object().at("quantity").as_int64();
    out += ",\"num_items\":" + std::to_string(items) + "}}";
  }

 private:
  static std::string_view text(const json::object& o, std::string_view name) { return o.at(name).as_string(); }

  static std::string lower(std::string_view s) {
    std::string out(s);
    for (char& c : out) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    return out;
  }
  static std::string digits(std::string_view s) {
    std::string out;
    for (const char c : s) {
      if (c >= '0' && c <= '9') out += c;
    }
    return out;
  }
  static std::time_t seconds(std::string_view t) {
    std::tm parts{};
    const auto number = [&](std::size_t at, std::size_t n) {
      int v = 0;
      std::from_chars(t.data() + at, t.data() + at + n, v);
      return v;
    };
    parts.tm_year = number(0, 4) - 1900;
    parts.tm_mon = number(5, 2) - 1;
    parts.tm_mday = number(8, 2);
    parts.tm_hour = number(11, 2);
    parts.tm_min = number(14, 2);
    parts.tm_sec = number(17, 2);
    return timegm(&parts);
  }
  static void quote(std::string& out, std::string_view s) { out += json::serialize(s); }
  static void member(std::string& out, std::string_view name, std::string_view value) {
    out += ",\"";
    out += name;
    out += "\":";
    quote(out, value);
  }
  void hashed(std::string& out, std::string_view name, const std::string& value) {
    out += '"';
    out += name;
    out += "\":[\"";
    digest_.append_hex(out, value);
    out += "\"]";
  }
  static void contents(std::string& out, const json::array& products) {
    out += R"(,"contents":[)";
    for (std::size_t i = 0; i < products.size(); ++i) {
      const json::object& p = products[i].as_object();
      out += i == 0 ? R"({"id":)" : R"(,{"id":)";
      quote(out, text(p, "product_id"));
      out += ",\"quantity\":" + std::to_string(p.at("quantity").as_int64()) + ",\"item_price\":" + json::serialize(p.at("price"));
      member(out, "brand", text(p, "brand"));
      out += '}';
    }
    out += ']';
  }
  static void list(std::string& out, std::string_view name, const json::array& products, std::string_view field) {
    out += ",\"";
    out += name;
    out += "\":[";
    for (std::size_t i = 0; i < products.size(); ++i) {
      if (i != 0) out += ',';
      quote(out, text(products[i].as_object(), field));
    }
    out += ']';
  }

  std::array<unsigned char, 16384> buffer_{};
  json::parser parser_;
  sha256 digest_;
};

class poster {
 public:
  poster(const std::string& port, const std::string& ca_file) : context_(asio::ssl::context::tls_client), stream_(io_, context_) {
    context_.load_verify_file(ca_file);
    stream_.set_verify_mode(asio::ssl::verify_peer);
    stream_.set_verify_callback(asio::ssl::host_name_verification("localhost"));
    asio::connect(stream_.next_layer(), asio::ip::tcp::resolver(io_).resolve("localhost", port));
    stream_.next_layer().set_option(asio::ip::tcp::no_delay(true));
    stream_.handshake(asio::ssl::stream_base::client);
  }
  void post(std::string body) {
    http::request<http::string_body> request(http::verb::post,
                                             "/v3/11111111-2222-3333-4444-555555555555/events?access_token=benchmark", 11);
    request.set(http::field::host, "localhost");
    request.set(http::field::content_type, "application/json");
    request.body() = std::move(body);
    request.prepare_payload();
    http::write(stream_, request);
    http::response<http::string_body> response;
    http::read(stream_, buffer_, response);
    if (response.result() != http::status::ok) throw std::runtime_error("refused");
  }

 private:
  asio::io_context io_;
  asio::ssl::context context_;
  asio::ssl::stream<asio::ip::tcp::socket> stream_;
  boost::beast::flat_buffer buffer_;
};

[[nodiscard]] std::unique_ptr<rd_kafka_t, kafka_deleter> subscribe(const std::string& bootstrap, const std::string& topic,
                                                                   const std::string& group) {
  rd_kafka_conf_t* conf = rd_kafka_conf_new();
  std::array<char, 256> error{};
  const std::array<std::array<const char*, 2>, 4> settings{{{"bootstrap.servers", bootstrap.c_str()},
                                                            {"group.id", group.c_str()},
                                                            {"enable.auto.commit", "false"},
                                                            {"auto.offset.reset", "earliest"}}};
  for (const auto& [key, value] : settings) rd_kafka_conf_set(conf, key, value, error.data(), error.size());
  std::unique_ptr<rd_kafka_t, kafka_deleter> consumer(rd_kafka_new(RD_KAFKA_CONSUMER, conf, error.data(), error.size()));
  if (!consumer) throw std::runtime_error(error.data());
  rd_kafka_poll_set_consumer(consumer.get());
  const std::unique_ptr<rd_kafka_topic_partition_list_t, list_deleter> topics(rd_kafka_topic_partition_list_new(1));
  rd_kafka_topic_partition_list_add(topics.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
  rd_kafka_subscribe(consumer.get(), topics.get());
  return consumer;
}

void run(const std::string& bootstrap, const std::string& topic, const std::string& group, std::uint64_t wanted,
         const std::string& port, const std::string& ca_file) {
  poster to(port, ca_file);
  mapper map;
  const auto consumer = subscribe(bootstrap, topic, group);
  std::string body;
  std::uint64_t in_body = 0;
  const auto flush = [&] {
    body += "]}";
    to.post(std::exchange(body, {}));
    in_body = 0;
  };
  for (std::uint64_t seen = 0; seen < wanted;) {
    const std::unique_ptr<rd_kafka_message_t, message_deleter> m(rd_kafka_consumer_poll(consumer.get(), 1000));
    if (!m || m->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
    body += in_body == 0 ? R"({"data":[)" : ",";
    map.append_event(body, {static_cast<const char*>(m->payload), m->len});
    ++seen;
    if (++in_body == 2000) flush();
  }
  if (in_body != 0) flush();
  rd_kafka_consumer_close(consumer.get());
}

}  // namespace

int main(int argc, char** argv) try {
  if (argc != 7) throw std::runtime_error("usage: bench_naive BOOTSTRAP TOPIC GROUP EVENTS PORT CA_FILE");
  run(argv[1], argv[2], argv[3], static_cast<std::uint64_t>(std::atoll(argv[4])), argv[5], argv[6]);
  return 0;
} catch (const std::exception& e) {
  std::fprintf(stderr, "bench_naive: %s\n", e.what());
  return 1;
}
