#include "sca/host_proxy.hpp"

namespace sca {

bool host_proxy::usable(const sca_host* host) noexcept {
  return host != nullptr && SCA_HAS(host, sca_host, get_extension) && host->wake != nullptr && host->reject != nullptr &&
         host->log_level != nullptr && host->log != nullptr && host->get_extension != nullptr;
}

void host_proxy::reject(const rejection& r) const noexcept {
  const sca_rejection c{.struct_size = sizeof(sca_rejection),
                        .stage = r.stage,
                        .assignment = r.assignment,
                        .offset = r.offset,
                        .code = str(r.code),
                        .message = str(r.message)};
  host_->reject(host_, &c);
}

void host_proxy::log(int32_t level, std::string_view message, const boost::source_location& where) const noexcept {
  if (!logs(level)) return;
  const sca_log_line line{.struct_size = sizeof(sca_log_line),
                          .level = level,
                          .message = str(message),
                          .file = where.file_name(),
                          .line = where.line()};
  host_->log(host_, &line);
}

}  // namespace sca
