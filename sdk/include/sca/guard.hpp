// The edge between C++ and the ABI: results become statuses, exceptions stop here. Used by every function that C calls; any
// thread.
//
//   sca_status create(const sca_connector*, …, sca_error* out) noexcept {
//     return sca::guarded(out, "create", [&]() -> sca::result<void> { …; return {}; });
//   }
#pragma once
#include <exception>
#include <new>
#include <string>

#include "sca/sink_connector.h"
#include "sca/status.hpp"

namespace sca {

// Writes the error for the caller. An empty text would leave people with a number: a sentence is invented.
[[nodiscard]] inline sca_status report(const error& e, sca_error* out) noexcept {
  return sca_fail(out, e.code == SCA_OK ? static_cast<sca_status>(SCA_INTERNAL) : e.code,
                  e.message.empty() ? "failed without saying why" : e.message.c_str());
}

// Runs f, which returns result<T>; whatever it throws becomes an error that names where.
template <class F>
[[nodiscard]] auto caught(const char* where, F&& f) noexcept -> decltype(f()) {
  try {
    try {
      return f();
    } catch (const std::bad_alloc&) {
      return fail(SCA_OUT_OF_MEMORY, std::string("out of memory in ") + where);
    } catch (const std::exception& e) {
      return fail(SCA_INTERNAL, std::string(where) + " threw: " + e.what());
    } catch (...) {
      return fail(SCA_INTERNAL, std::string(where) + " threw something that is no std::exception");
    }
  } catch (...) {  // not even the message fits into memory
    return error{SCA_OUT_OF_MEMORY, {}};
  }
}

template <class F>
[[nodiscard]] sca_status guarded(sca_error* out, const char* where, F&& f) noexcept {
  const auto outcome = caught(where, static_cast<F&&>(f));
  return outcome ? static_cast<sca_status>(SCA_OK) : report(outcome.error(), out);
}

}  // namespace sca
