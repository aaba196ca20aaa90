#include <future>
#include <thread>

#include "market_chain.hpp"
#include "marketplace/query_args.hpp"
#include "node/search/keys.hpp"
#include "storage/rocks_store.hpp"

namespace aitbc::search::test {
namespace {

// Three GPUs, seven bookings in several states, bids, a service, reviews.
void fill(MarketChain& m) {
  m.register_provider();
  m.register_gpu("d1", "RTX 4090", 24, "2000000000000000000");
  m.register_gpu("d2", "RTX 3060", 12, "500000000000000000", "us-east");
  m.register_gpu("d3", "A100", 80, "4000000000000000000");
  m.commit();
  m.call(kCustomer, "bookGpu", R"(["gpu_1",0,3600,"9000000000000000000","train"])");
  m.call(kRival, "bookGpu", R"(["gpu_2",0,7200,"9000000000000000000",""])");
  m.call(kRival, "placeBid", R"([0,1,"1000000000000000000",1,3600,"night",0])");
  m.commit();
  m.call(kRival, "releaseBooking", R"(["bk_2"])");
  m.call(kCustomer, "bookGpu", R"(["gpu_3",0,3600,"9000000000000000000",""])");
  m.commit(60);
  m.commit(kHour);  // both of the customer's end
  m.call(kCustomer, "addReview", R"([0,1,5,"fine"])");
  m.call(kCustomer, "bookGpu", R"(["gpu_3",0,7200,"9000000000000000000",""])");
  m.commit();
}

// The same question to the state alone, without an index.
json::value ask_state(const MarketChain& m, std::string_view method, const std::string& params) {
  const auto answer = market::query(*m.head().state, m.now(), method, params);
  REQUIRE(answer.has_value());
  return json::parse(*answer);
}

void compare_lists(const MarketChain& m) {
  for (const std::string who : {"customer", "provider"})
    for (const std::uint8_t seed : {kProvider, kCustomer, kRival})
      for (const std::string state : {"", "active", "completed", "released", "disputed"})
        for (const std::string order : {"true", "false"}) {
          std::string params = "{\"" + who + "\":\"" + address(seed) + "\",\"newestFirst\":" + order;
          if (!state.empty()) params += ",\"state\":\"" + state + "\"";
          params += "}";
          CAPTURE(params);
          CHECK(m.ask("market_listBookings", params) == ask_state(m, "market_listBookings", params));
        }
  for (const std::string params :
       {R"({"state":"open"})", R"({"gpuId":1})", R"({"gpuId":2,"state":"open"})", R"({"offerId":1})"})
    CHECK(m.ask("market_listBids", params) == ask_state(m, "market_listBids", params));
  for (const std::string params :
       {"{}", R"({"sort":"-price"})", R"({"sort":"memory","limit":2})", R"({"status":"booked"})",
        R"({"query":"rtx"})", R"({"query":"nvenc us-east"})", R"({"region":"us-east"})",
        R"({"model":"none"})", R"({"available":true,"sort":"price","priceMax":"2000000000000000000"})",
        R"({"minRatingHundredths":400})"})
    CHECK(m.ask("market_listGpus", params) == ask_state(m, "market_listGpus", params));
}

std::map<Bytes, Bytes> entries_of(const std::filesystem::path& folder) {
  const auto store = open_rocks_store(folder, {});
  REQUIRE(store.has_value());
  std::map<Bytes, Bytes> out;
  const auto snapshot = (*store)->snapshot();
  const auto iterator = snapshot->iterate(Table::index);
  for (iterator->seek({}); iterator->valid(); iterator->next())
    out.emplace(to_bytes(iterator->key()), to_bytes(iterator->value()));
  return out;
}

TEST_CASE("lists by the index say what a look at every record says") {
  MarketChain m;
  m.open_index();
  fill(m);
  compare_lists(m);
  CHECK(ids(m.ask("market_listBookings", R"({"state":"active"})")) == "bk_4");
  CHECK(ids(m.ask("market_listBookings", R"({"state":"released"})")) == "bk_2");
  CHECK(ids(m.ask("market_listGpus", R"({"sort":"-memory"})")) == "gpu_3 gpu_1 gpu_2");
}

TEST_CASE("an index that followed, one that caught up and one made anew are the same") {
  MarketChain m;
  m.open_index();
  fill(m);
  m.ask("market_listGpus");  // it has followed
  m.close_index();
  const auto followed = entries_of(m.folder());
  CHECK(followed.size() > 50);
  REQUIRE(SearchIndex::rebuild(m.folder(), m.chain(), nullptr).has_value());
  CHECK(entries_of(m.folder()) == followed);

  MarketChain late;
  late.open_index();
  late.ask("market_listGpus");  // it is complete
  late.close_index();
  fill(late);  // meanwhile it was not there
  late.open_index();
  compare_lists(late);
  late.close_index();
  CHECK(entries_of(late.folder()) == followed);
}

TEST_CASE("a rebuild that was cut short is made anew at the next start") {
  MarketChain m;
  fill(m);
  int items = 0;
  const auto stopped =
      SearchIndex::rebuild(m.folder(), m.chain(), [&](const IndexProgress&) { return ++items < 5; });
  REQUIRE_FALSE(stopped.has_value());
  CHECK(stopped.error().code == ErrorCode::unavailable);
  m.open_index();
  compare_lists(m);
}

TEST_CASE("while the index is being made its readers are told how far it is, and the chain goes on") {
  MarketChain m;
  fill(m);
  std::promise<void> first_item, go_on;
  auto opened = SearchIndex::open(m.folder(), m.chain(), std::chrono::milliseconds(1));
  REQUIRE(opened.has_value());
  SearchIndex& index = **opened;
  m.chain().on_head([&](const chain::HeadEvent& event) { index.on_head(event); });
  index.start(
      [&, paused = false](const IndexProgress&) mutable {
        if (!std::exchange(paused, true)) {
          first_item.set_value();
          go_on.get_future().wait();
        }
        return true;
      },
      [](const Error& error) { FAIL_CHECK(error.message); });
  first_item.get_future().wait();
  m.commit();
  const auto early = index.read();
  REQUIRE_FALSE(early.has_value());
  CHECK(early.error().code == ErrorCode::unavailable);
  CHECK(early.error().message == "the search index is being made (1 records): try again later");
  go_on.set_value();
  while (!index.read()) std::this_thread::yield();
  CHECK(index.read()->chain().head.number == m.chain().view()->head.number);
}

TEST_CASE("an index of another chain is not believed") {
  MarketChain m;
  fill(m);
  m.open_index();
  m.close_index();
  {
    const auto store = open_rocks_store(m.folder(), {});
    WriteBatch batch;
    batch.put(Table::meta, as_bytes("head"), Bytes(40, 7));
    REQUIRE((*store)->write(batch, Durability::synced).has_value());
  }
  m.open_index();
  compare_lists(m);
}

TEST_CASE("a page of a sorted list goes on where the one before ended") {
  MarketChain m;
  m.open_index();
  fill(m);
  json::value page = m.ask("market_listGpus", R"({"sort":"-price","limit":2})");
  CHECK(ids(page) == "gpu_3 gpu_1");
  const std::string cursor(page.at("nextCursor").as_string());
  CHECK(cursor == "500000000000000000.gpu_2");
  page = m.ask("market_listGpus", R"({"sort":"-price","limit":2,"cursor":")" + cursor + "\"}");
  CHECK(ids(page) == "gpu_2");
  CHECK(page.at("nextCursor").is_null());
  CHECK(m.ask_badly("market_listGpus", R"({"sort":"id","cursor":")" + cursor + "\"}").message ==
        "cursor: not one of this list and order");
  CHECK(m.ask_badly("market_listGpus", R"({"sort":"colour"})").message == "sort: there is no order 'colour'");
}

TEST_CASE("a GPU is listed as free for a time that no booking has") {
  MarketChain m;
  m.open_index();
  fill(m);
  const auto free = [&](Seconds from, Seconds until) {
    return ids(m.ask("market_listGpus", "{\"freeFrom\":" + std::to_string(from) +
                                            ",\"freeUntil\":" + std::to_string(until) + "}"));
  };
  CHECK(free(m.now(), m.now() + kHour) == "gpu_1 gpu_2");
  CHECK(free(m.now() + 2 * kHour, m.now() + 3 * kHour) == "gpu_1 gpu_2 gpu_3");
}

TEST_CASE("queries answer for old blocks too") {
  MarketChain m;
  m.open_index();
  fill(m);
  CHECK(ids(m.ask("market_listGpus", R"({"block":"1"})")) == "");
  CHECK(ids(m.ask("market_listGpus", R"({"block":"0x2","sort":"-price"})")) == "gpu_3 gpu_1 gpu_2");
  CHECK(m.ask("market_getBooking", R"({"id":"bk_1","block":3})").at("state") == "active");
  CHECK(m.ask("market_getBooking", R"({"id":"bk_1"})").at("state") == "completed");
  CHECK(m.ask_badly("market_getBooking", R"({"id":"bk_1","block":"99"})").message == "header not found");
}

}  // namespace
}  // namespace aitbc::search::test
