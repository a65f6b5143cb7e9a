// What the conformance suite lends to a sink must stay unreadable once it is taken away, or a view that was kept goes unnoticed.
#include <catch2/catch.hpp>

#include "sca/testing/record_batch.hpp"

using sca::testing::guarded_memory;

TEST_CASE("memory that is gone keeps its address: nothing comes to lie there") {
  const void* gone = nullptr;
  {
    guarded_memory lent(16);
    gone = lent.copy(std::string_view("token")).data;
  }
  guarded_memory next(16);
  CHECK(static_cast<const void*>(next.copy(std::string_view("token")).data) != gone);
}
