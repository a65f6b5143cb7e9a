#include "registry.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <random>
#include <set>
#include <thread>

using sca::jni::registry;

TEST_CASE("a handle finds its object until it is removed") {
  registry<int> r;
  const auto handle = r.add(std::make_shared<int>(7));
  REQUIRE(r.find(handle));
  CHECK(*r.find(handle) == 7);
  CHECK(*r.remove(handle) == 7);
  CHECK_FALSE(r.find(handle));
  CHECK_FALSE(r.remove(handle));
}

TEST_CASE("the handle of a slot that is used again finds nothing") {
  registry<int> r;
  const auto stale = r.add(std::make_shared<int>(1));
  (void)r.remove(stale);
  const auto successor = r.add(std::make_shared<int>(2));
  CHECK((stale & 0xffffffff) == (successor & 0xffffffff));  // the same slot
  CHECK_FALSE(r.find(stale));
  CHECK_FALSE(r.remove(stale));
  CHECK(*r.find(successor) == 2);
}

TEST_CASE("zero, negative and invented numbers find nothing") {
  registry<int> r;
  const auto handle = r.add(std::make_shared<int>(1));
  for (const std::int64_t invented :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1}, handle + 1, handle + (std::int64_t{1} << 32)})
    CHECK_FALSE(r.find(invented));
  std::mt19937_64 random(3);
  for (int i = 0; i < 10'000; ++i)
    if (const auto n = static_cast<std::int64_t>(random()); n != handle) CHECK_FALSE(r.find(n));
}

TEST_CASE("handles of living objects differ") {
  registry<int> r;
  std::set<std::int64_t> handles;
  for (int i = 0; i < 100; ++i) handles.insert(r.add(std::make_shared<int>(i)));
  CHECK(handles.size() == 100);
}

TEST_CASE("an object that is removed while a call uses it lives until the call returns") {
  registry<int> r;
  const auto handle = r.add(std::make_shared<int>(7));
  const auto call = r.find(handle);
  (void)r.remove(handle);
  CHECK(*call == 7);
  CHECK(call.use_count() == 1);
}

TEST_CASE("adding, finding and removing from several threads loses and confuses nothing") {
  registry<int> r;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&, t] {
      for (int i = 0; i < 2'000; ++i) {
        const int mine = t * 10'000 + i;
        const auto handle = r.add(std::make_shared<int>(mine));
        const auto found = r.find(handle);
        if (!found || *found != mine || r.remove(handle) != found || r.find(handle)) ++wrong;
      }
    });
  for (auto& t : threads) t.join();
  CHECK(wrong == 0);
}
