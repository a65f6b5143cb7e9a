// Lets Catch print a sca::result: the error's text when CHECK(result) fails. Include it before <catch2/catch.hpp> is used on one.
#pragma once
#include <catch2/catch.hpp>
#include <string>

#include "sca/status.hpp"

namespace Catch {
template <class T>
struct StringMaker<boost::system::result<T, sca::error>> {
  static std::string convert(const boost::system::result<T, sca::error>& r) {
    return r ? std::string("ok") : "error " + std::to_string(r.error().code) + ": " + r.error().message;
  }
};
}  // namespace Catch
