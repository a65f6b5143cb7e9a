#include <exception>
#include <iostream>

#include "cli.hpp"

namespace {

struct perform {
  const sinkhost::command_line& all;
  int operator()(const sinkhost::run_options& o) const { return sinkhost::run_host(o, all); }
  int operator()(const sinkhost::preview_options& o) const { return sinkhost::preview_records(o, all); }
  int operator()(const sinkhost::plugins_options& o) const { return sinkhost::list_plugins(o, all); }
  int operator()(const sinkhost::validate_options& o) const { return sinkhost::validate_file(o, all); }
  int operator()(const sinkhost::version_options& o) const { return sinkhost::print_version(o, all); }
};

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto asked = sinkhost::parse_command_line(argc, argv);
    if (const int* const status = std::get_if<int>(&asked)) return *status;
    const auto& all = std::get<sinkhost::command_line>(asked);
    return std::visit(perform{all}, all.command);
  } catch (const std::exception& e) {
    std::cerr << "sink-host: " << e.what() << '\n';
    return 1;
  }
}
