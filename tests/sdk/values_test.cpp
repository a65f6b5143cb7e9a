#include <catch2/catch.hpp>
#include <cstring>
#include <string>

#include "sca/guard.hpp"
#include "sca/host_proxy.hpp"
#include "sca/secret.hpp"
#include "sca/testing/fake_host.hpp"
#include "sca/views.hpp"

TEST_CASE("null bytes and empty bytes are told apart in both directions") {
  CHECK_FALSE(sca::view(sca_bytes{nullptr, 0}).has_value());
  const sca_bytes empty = sca::bytes(std::string_view{});
  CHECK(empty.data != nullptr);
  CHECK(empty.size == 0);
  REQUIRE(sca::view(empty).has_value());
  CHECK(sca::view(empty)->empty());
}

TEST_CASE("text and bytes come through views unchanged, NUL included") {
  const std::string text("a\0b", 3);
  CHECK(sca::view(sca::str(text)) == text);
  CHECK(sca::view(sca::bytes(text)) == text);
  CHECK(sca::view(sca_str{nullptr, 0}).empty());
}

TEST_CASE("a secret gives its value only when asked, and is empty after it was moved from") {
  sca::secret a(std::string(40, 's'));
  CHECK(a.reveal() == std::string(40, 's'));
  sca::secret b(std::move(a));
  CHECK(a.empty());  // NOLINT(bugprone-use-after-move): that is the point
  a = b;
  CHECK(a == b);
  CHECK_FALSE(sca::secret().reveal().size() > 0);
}

TEST_CASE("an error without a text gets one at the ABI") {
  sca_error out = SCA_ERROR_INIT;
  CHECK(sca::report(sca::error{SCA_UNAVAILABLE, ""}, &out) == SCA_UNAVAILABLE);
  CHECK(std::strlen(out.message) > 0);
  CHECK(sca::report(sca::error{SCA_OK, "x"}, &out) == SCA_INTERNAL);
}

TEST_CASE("a long message is cut between characters") {
  sca_error out = SCA_ERROR_INIT;
  std::string text(502, 'a');
  text += "é";  // its second byte would be number 504
  CHECK(sca::report(sca::fail(SCA_INTERNAL, text), &out) == SCA_INTERNAL);
  CHECK(std::string(out.message) == std::string(502, 'a'));
}

TEST_CASE("guarded answers OK, or the error, or what was thrown") {
  sca_error out = SCA_ERROR_INIT;
  CHECK(sca::guarded(&out, "it", [] { return sca::result<void>{}; }) == SCA_OK);
  CHECK(sca::guarded(&out, "it", []() -> sca::result<void> { return sca::fail(SCA_UNSUPPORTED, "no"); }) == SCA_UNSUPPORTED);
  CHECK(std::string(out.message) == "no");
  CHECK(sca::guarded(&out, "it", []() -> sca::result<void> { throw std::runtime_error("boom"); }) == SCA_INTERNAL);
  CHECK(std::string(out.message) == "it threw: boom");
}

TEST_CASE("a host that is short or has an empty slot is not usable") {
  sca::testing::fake_host host;
  CHECK(sca::host_proxy::usable(host.abi()));
  CHECK_FALSE(sca::host_proxy::usable(nullptr));
  host.table().struct_size = 64;
  CHECK_FALSE(sca::host_proxy::usable(host.abi()));
  host.table().struct_size = sizeof(sca_host) + 8;  // newer than we are
  CHECK(sca::host_proxy::usable(host.abi()));
  host.table().wake = nullptr;
  CHECK_FALSE(sca::host_proxy::usable(host.abi()));
}

TEST_CASE("the proxy logs only at or above the host's level, with the place it was called from") {
  sca::testing::fake_host host;
  const sca::host_proxy proxy(host.abi());
  host.set_log_level(SCA_LOG_WARN);
  proxy.log(SCA_LOG_INFO, "unheard");
  proxy.log(SCA_LOG_WARN, "heard");
  REQUIRE(host.log().size() == 1);
  CHECK(host.log()[0].message == "heard");
}
