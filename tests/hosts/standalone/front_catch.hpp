// Catch2, which then can print a result: its value's presence, or the error's message.
#pragma once
#include <boost/system/result.hpp>
#include <catch2/catch.hpp>
#include <string>

template <class T, class E>
struct Catch::StringMaker<boost::system::result<T, E>> {
  static std::string convert(const boost::system::result<T, E>& r) { return r ? "a value" : "error: " + r.error().message; }
};
