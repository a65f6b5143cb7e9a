#include "delivery/safe_text.hpp"

#include <catch2/catch.hpp>

using namespace snap::delivery;

TEST_CASE("text from a server is one line of printable characters") {
  struct row {
    std::string_view in, out;
  };
  using namespace std::string_view_literals;
  for (const row& r : {
           row{"Insufficient customer information.", "Insufficient customer information."},
           row{"Größe \u20ac \U0001F600", "Größe \u20ac \U0001F600"},
           row{"two\r\nlines\t!"sv, "two\\x0d\\x0alines\\x09!"},
           row{"nul\0here"sv, "nul\\x00here"},
           row{"\x1b[31mred", "\\x1b[31mred"},
           row{"bad \xc3( utf8 \xff", "bad \\xc3( utf8 \\xff"},
           row{"overlong \xc0\xaf \xe0\x80\xaf", "overlong \\xc0\\xaf \\xe0\\x80\\xaf"},
           row{"surrogate \xed\xa0\x80", "surrogate \\xed\\xa0\\x80"},
           row{"turned \u202eround", "turned \\xe2\\x80\\xaeround"},
           row{"cut \xe2\x82", "cut \\xe2\\x82"},
       }) {
    CHECK(safe_text(r.in) == r.out);
  }
}

TEST_CASE("what may be personal or secret in it is masked") {
  struct row {
    std::string_view in, out;
  };
  for (const row& r : {
           row{"bad e-mail ada@example.org!", "bad e-mail [masked]"},
           row{"{\"em\":\"ada@example.org\"}", "{\"em\":\"[masked]\"}"},
           row{"em=ada%40example.org", "[masked]"},
           row{"https://tr.snapchat.com/v3/p/events?access_token=abc.def-ghi&x=1",
               "https://tr.snapchat.com/v3/p/events?access_token=[masked]&x=1"},
           row{"hash 0123456789abcdef0123456789ABCDEF.", "hash [masked]"},
           row{"asset 11111111-2222-4333-8444-555555555555", "asset 11111111-2222-4333-8444-555555555555"},
       }) {
    CHECK(safe_text(r.in) == r.out);
  }
}

TEST_CASE("it is bounded, and cut between characters") {
  for (std::size_t extra = 0; extra < 4; ++extra) {
    const std::string long_text = std::string(extra, 'a') + [] {
      std::string s;
      for (int i = 0; i < 1000; ++i) s += "\u20ac";
      return s;
    }();
    const std::string out = safe_text(long_text, 40);
    CAPTURE(out);
    CHECK(out.size() <= 40);
    CHECK(out.size() > 32);
    CHECK(out.ends_with("..."));
    CHECK((out.size() - extra - 3) % 3 == 0);
  }
  CHECK(safe_text("exactly ten", 11) == "exactly ten");
  CHECK(safe_text("exactly ten+", 11) == "exactly ...");
  CHECK(safe_text(std::string(5'000'000, 'x'), 100).size() == 100);
}
