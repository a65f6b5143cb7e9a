#include "preview_command.hpp"

#include <fmt/format.h>

#include <istream>
#include <optional>
#include <ostream>
#include <set>
#include <vector>

#include "json_slice.hpp"
#include "preview.hpp"

namespace sinkhost {
namespace {

constexpr int exit_ok = 0;
constexpr int exit_bad_input = 2;
constexpr std::size_t records_at_once = 256;  // each call compiles the mapping anew

// Reads lines, keeps records, hands them over in runs.
class session {
 public:
  session(const preview_command& command, const sca_connector& connector, std::ostream& out, std::ostream& err)
      : command_(command), connector_(connector), topic_(default_topic(command.config)), out_(out), err_(err) {}

  // False: the line cannot be read; err has been told.
  [[nodiscard]] bool line(std::string_view text) {
    ++number_;
    if (number_ == 1) text = without_bom(text);
    if (text.find_first_not_of(" \t\r") == std::string_view::npos) return true;
    auto record = parse_record(text, {.topic = topic_, .offset = count_});
    if (!record) {
      err_ << fmt::format("line {}: {}\n", number_, record.error().message);
      return false;
    }
    for (const std::string& name : record->ignored) {
      if (told_.insert(name).second)
        err_ << fmt::format("line {}: warning: member {} means nothing here and is ignored\n", number_, json_quoted(name));
    }
    ++count_;
    waiting_.push_back(std::move(*record));
    return true;
  }

  // One moment for all records: with --batches they wait for the end.
  [[nodiscard]] bool is_due() const noexcept {
    return command_.form == preview_form::per_record && waiting_.size() >= records_at_once;
  }

  // False: the plugin refused; err has been told.
  [[nodiscard]] bool hand_over() {
    const auto want = command_.form == preview_form::per_record ? preview_want::results : preview_want::results_and_requests;
    const auto answer = preview(connector_, command_.config, waiting_, command_.now_ms, want, command_.detail);
    if (!answer) {
      err_ << fmt::format("preview: {}\n", answer.error().message);
      return false;
    }
    for (const std::string& one : command_.form == preview_form::per_record ? answer->results : answer->requests)
      out_ << one << '\n';
    out_.flush();
    waiting_.clear();
    return true;
  }

 private:
  const preview_command& command_;
  const sca_connector& connector_;
  const std::string topic_;
  std::ostream& out_;
  std::ostream& err_;
  std::size_t number_ = 0;
  std::int64_t count_ = 0;
  std::vector<preview_record> waiting_;
  std::set<std::string> told_;
};

// Null: the configuration is bad; err has been told.
const sca_connector* judged(const preview_command& command, const plugins& known, std::ostream& err) {
  const validation verdict = judge_for_preview(known, command.config, command.now_ms);
  for (const sca::config_issue& issue : verdict.issues) {
    err << fmt::format("{}{}: {}\n", issue.severity == SCA_ISSUE_WARNING ? "warning: " : "", issue.key, issue.message);
  }
  return verdict.error_count() > 0 ? nullptr : verdict.connector;
}

}  // namespace

int run_preview(const preview_command& command, const plugins& known, std::istream& in, std::ostream& out, std::ostream& err) {
  const sca_connector* const connector = judged(command, known, err);
  if (connector == nullptr) return exit_bad_input;
  session s(command, *connector, out, err);
  bool readable = true;
  for (std::string text; readable && std::getline(in, text);) {
    readable = s.line(text);
    // Nothing more is there for the moment: whoever types, or pipes, sees the answer at once.
    const bool pause = command.form == preview_form::per_record && in.rdbuf()->in_avail() <= 0;
    if ((s.is_due() || pause) && readable && !s.hand_over()) return exit_bad_input;
  }
  if (!s.hand_over()) return exit_bad_input;
  return readable ? exit_ok : exit_bad_input;
}

}  // namespace sinkhost
