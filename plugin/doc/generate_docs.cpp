// Writes the documents that are drawn from the sink's tables: CONFIGURATION.md (config/keys.cpp), CODES.md (event/codes.hpp),
// METRICS.md (engine/metrics.hpp, delivery/retry_reason.hpp) and MAPPING.md (event/preset, in MAPPING.in.md of DIR).
//   sink_docs DIR           writes them
//   sink_docs --check DIR   exit status 1 and the names of those that are stale
#include <cstdio>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "config/read.hpp"
#include "delivery/retry_reason.hpp"
#include "engine/metrics.hpp"
#include "event/codes.hpp"
#include "event/transform.hpp"
#include "mapping_doc.hpp"
#include "sca/views.hpp"

namespace {

struct document {
  std::string name, text;
};

constexpr std::string_view generated = "<!-- Written by sink_docs from the tables of the sources; do not edit. -->\n";

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.15g", value);
  return text;
}

std::string_view type_name(int32_t type) {
  switch (type) {
    case SCA_TYPE_BOOL: return "boolean";
    case SCA_TYPE_INT: return "integer";
    case SCA_TYPE_DOUBLE: return "number";
    case SCA_TYPE_LIST: return "list";
    case SCA_TYPE_SECRET: return "secret";
    default: return "text";
  }
}

std::string_view importance_name(int32_t importance) {
  switch (importance) {
    case SCA_IMPORTANCE_HIGH: return "high";
    case SCA_IMPORTANCE_LOW: return "low";
    default: return "medium";
  }
}

using doc::cell;

// Family names are written with what the '*' stands for.
std::string shown_name(const sca_config_key& key) {
  std::string name(sca::view(key.name));
  if (const std::size_t star = name.find('*'); star != std::string::npos)
    name.replace(star, 1, name.starts_with("asset.") ? "<alias>" : "<path>");
  return name;
}

std::string choices(const sca_config_key& key) {
  std::string out;
  for (std::size_t i = 0; i < key.valid_value_count; ++i) {
    out += out.empty() ? "`" : ", `";
    out += sca::view(key.valid_values[i]);
    out += '`';
  }
  if (out.empty() && key.min_value < key.max_value) out = number(key.min_value) + " to " + number(key.max_value);
  return out;
}

std::string default_text(const sca_config_key& key) {
  return key.default_value.data == nullptr ? "none" : "`" + std::string(sca::view(key.default_value)) + "`";
}

std::string expressions() {
  std::ostringstream out;
  out << "\n## Expressions\n\n"
         "An expression finds a value in the record. Its alternatives are tried in order; the first that is present and not null "
         "wins.\n\n"
         "```\n"
         "expression  = alternative { \"|\" alternative } [ \"|\" default ] | default\n"
         "alternative = \"$\" steps              into the value: $.a.b[0].c, $.products[*].price, $['any name']\n"
         "            | \"$key\" [ steps ]        the record's key, as text or, when it is JSON, into it\n"
         "            | \"$header.\" name        the last header of that name; $header['any name']\n"
         "            | \"$topic\" | \"$timestamp\"\n"
         "            | \"'\" text \"'\"            itself; '' is a quote inside it\n"
         "            | transform \"(\" alternative { \"|\" alternative } \")\"\n"
         "            | \"sum(\" factor { \"*\" factor } \")\"\n"
         "steps       = { \".\" name | \"['\" any name \"']\" | \"[\" index \"]\" | \"[*]\" | \"[\" name \"='\" text \"']\" }\n"
         "factor      = \"$\" steps | \"($\" steps \"|\" default \")\"\n"
         "default     = \"default('\" text \"')\"\n"
         "```\n\n"
         "`[*]` is every element of a list, `[key='page']` the first whose member `key` is `page`. A transform is applied to "
         "what "
         "its\nalternatives find, to each element of a list; a value it has no answer to counts as absent, so that the next "
         "alternative is\ntried. In `mapping.field.*` the order is: the expression, the preset's own source, `default('…')`. A "
         "mistake is an error of the\nconfiguration that names its column.\n\n"
         "| transform | example | yields |\n| --- | --- | --- |\n";
  for (const snap::event::transform_row& t : snap::event::transforms()) {
    out << "| `" << t.name << "` | `" << cell(t.example) << "` | " << cell(t.meaning) << " |\n";
  }
  return out.str();
}

std::string configuration() {
  std::ostringstream out;
  out << "# Configuration\n\n"
      << generated << "\n"
      << "The same keys in Kafka Connect and in sink-host. Times end in `.ms`, sizes in `.bytes`. Unknown keys that begin like "
         "these are\n"
         "errors, so that a slip is not ignored. A list is separated by commas; `\\,` is a comma inside a member.\n\n"
      << expressions();
  std::string_view group;
  for (const sca_config_key* key : snap::config::keys()) {
    if (sca::view(key->group) != group) {
      group = sca::view(key->group);
      out << "\n## " << group
          << "\n\n| key | type | default | values | importance | meaning |\n| --- | --- | --- | --- | --- | --- |\n";
    }
    out << "| `" << shown_name(*key) << "` | " << type_name(key->type) << " | " << default_text(*key) << " | " << choices(*key)
        << " | " << importance_name(key->importance) << " | " << cell(sca::view(key->doc)) << " |\n";
  }
  return out.str();
}

std::string codes() {
  std::ostringstream out;
  out << "# Codes of records that are not delivered\n\n"
      << generated << "\n"
      << "The dead letter's exception message begins with the code; the metric `snapchat_sink_records_total` carries it as a "
         "label.\n\n"
         "| code | meaning |\n| --- | --- |\n";
  for (const snap::event::code_text& c : snap::event::code_table) out << "| `" << c.name << "` | " << cell(c.meaning) << " |\n";
  return out.str();
}

std::string_view kind_name(int32_t kind) {
  switch (kind) {
    case SCA_METRIC_COUNTER: return "counter";
    case SCA_METRIC_HISTOGRAM: return "histogram";
    default: return "gauge";
  }
}

std::string metrics() {
  std::ostringstream out;
  out << "# Metrics of the sink\n\n"
      << generated << "\n"
      << "Prometheus names in sink-host, the same names in Kafka Connect's metrics. Hosts add the labels `connector` and `task`, "
         "and "
         "their own\nmetrics. No label carries personal data, ids or text from a server.\n\n"
         "| metric | kind | labels | meaning |\n| --- | --- | --- | --- |\n";
  for (const snap::engine::metric_row& m : snap::engine::metric_table) {
    out << "| `" << m.name << "` | " << kind_name(m.kind) << " | " << m.labels << " | " << cell(m.help) << " |\n";
  }
  out << "\n## Reasons of `snapchat_sink_retries_total`\n\nThe first ones are failures of the link; they are also the `status` "
         "of "
         "requests without an answer.\n\n| reason | meaning |\n| --- | --- |\n";
  for (const snap::delivery::retry_reason_text& r : snap::delivery::retry_reasons) {
    out << "| `" << r.label << "` | " << r.sentence << " |\n";
  }
  return out.str();
}

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

int check(const std::string& directory, const std::vector<document>& documents) {
  int stale = 0;
  for (const document& d : documents) {
    if (read(directory + "/" + d.name) == d.text) continue;
    std::cerr << directory << "/" << d.name << " is stale: run sink_docs " << directory << "\n";
    stale = 1;
  }
  return stale;
}

int write(const std::string& directory, const std::vector<document>& documents) {
  for (const document& d : documents) {
    std::ofstream out(directory + "/" + d.name, std::ios::binary);
    if (out << d.text && out.flush()) continue;
    std::cerr << "cannot write " << directory << "/" << d.name << "\n";
    return 1;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  const bool checks = arguments.size() == 2 && arguments[0] == "--check";
  if (!checks && (arguments.size() != 1 || arguments[0].starts_with("-"))) {
    std::cerr << "usage: sink_docs [--check] DIR\n";
    return 2;
  }
  const std::string& directory = arguments.back();
  try {
    const std::vector<document> documents{{"CONFIGURATION.md", configuration()},
                                          {"CODES.md", codes()},
                                          {"METRICS.md", metrics()},
                                          {"MAPPING.md", doc::mapping(read(directory + "/MAPPING.in.md"), generated)}};
    return checks ? check(directory, documents) : write(directory, documents);
  } catch (const std::exception& e) {
    std::cerr << "sink_docs: " << e.what() << "\n";
    return 1;
  }
}
