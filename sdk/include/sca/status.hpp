// Outcomes inside the C++ layer: a value or an error with a status of the ABI and a sentence for people.
// Used by sinks and hosts, on every thread. At the ABI an error becomes an sca_status and an sca_error.
#pragma once
#include <boost/system/result.hpp>
#include <stdexcept>
#include <string>
#include <utility>

#include "sca/sink_connector.h"

namespace sca {

// code is never SCA_OK; message is never empty and never holds secrets or record contents.
struct error {
  sca_status code = SCA_INTERNAL;
  std::string message;
};

template <class T>
using result = boost::system::result<T, error>;

[[nodiscard]] inline error fail(sca_status code, std::string message) { return {code, std::move(message)}; }

[[noreturn]] inline void throw_exception_from_error(const error& e, const boost::source_location&) {
  throw std::runtime_error(e.message);  // only result::value() on an error: a programmer's mistake
}

}  // namespace sca
