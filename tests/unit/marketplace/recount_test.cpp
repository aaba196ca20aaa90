#include "marketplace/invariants.hpp"

#include "market.hpp"

namespace aitbc::market::test {
namespace {

// A market with something to count for each invariant, and its storage to spoil.
struct Books {
  Market m;
  GpuId gpu = m.register_gpu();
  BookingId closed = m.book(gpu, kHour);
  BookingId live;
  aitbc::test::MapStateView storage;

  Books() {
    m.pass(kHour);
    m.must(kCustomer, "addReview", SubjectKind::booking, closed.value, std::uint8_t{5}, std::string());
    live = m.book(gpu, kHour);
    m.bid_on_gpu(gpu, Amount::ait(3), kHour, kRival);
    m.must(kProvider, "createAuction", sale());
    m.must(kProvider, "cancelAuction", AuctionId{1});
    storage = dynamic_cast<const aitbc::test::MapStateView&>(m.view());
  }
  static AuctionSpec sale() {
    AuctionSpec out;
    out.type = "dutch";
    out.title = "work";
    out.category = "ai-inference";
    out.duration = kHour;
    return out;
  }

  template <class T, class Change>
  void spoil(const Key& key, Change&& change) {
    T record;
    Bytes& stored = storage.storage_entries.at({kContract, to_bytes(key)});
    REQUIRE(decode_record(stored, record));
    change(record);
    stored = encode_record(record);
  }
  template <Kind K, class Change>
  void spoil(Id<K> id, Change&& change) {
    spoil<typename RecordOf<K>::Type>(record_key(K, id.value), change);
  }
  void drop(const Key& key) { REQUIRE(storage.storage_entries.erase({kContract, to_bytes(key)}) == 1); }

  InvariantReport report() {
    auto counted = check_each_invariant(storage, m.now());
    REQUIRE_MESSAGE(counted.has_value(), (counted ? "" : counted.error().message));
    return *counted;
  }
  // The numbers of those that do not hold.
  std::string broken() {
    const InvariantReport counted = report();
    std::string out;
    for (std::size_t i = 0; i < kInvariants; ++i)
      if (!counted.checks[i].holds()) out += std::to_string(i + 1);
    return out;
  }
};

TEST_CASE("a recount says of each invariant what it counted") {
  Books books;
  const InvariantReport report = books.report();
  CHECK(books.broken().empty());
  CHECK_FALSE(first_failure(report).has_value());
  for (const InvariantCheck& check : report.checks) CHECK(check.counted == check.expected);
  CHECK(report[Invariant::escrow].counted == books.m.totals().held);
  CHECK(report[Invariant::schedules].counted == Amount(1));
  CHECK(report[Invariant::time_index].counted == Amount(3));  // a booking, a bid, an epoch of the price index
  CHECK(report[Invariant::closures].counted == Amount::ait(2));
  CHECK(report[Invariant::reviews].counted == Amount(1));
  CHECK(report[Invariant::bids].counted == Amount(1));
}

TEST_CASE("each broken invariant is named, and the others are still counted") {
  SUBCASE("money minted that no job earned") {
    Books books;
    books.spoil<Totals>(Key('T'), [](Totals& totals) { totals.minted = Amount(5); });
    CHECK(books.broken() == "19");
    CHECK(first_failure(books.report())->ends_with("counted 0, expected 5 base units minted for jobs"));
  }
  SUBCASE("a balance that no record locks") {
    Books books;
    Account& account = books.storage.accounts.at(kContract);
    account.balance = account.balance + Amount(1);
    CHECK(books.broken() == "2");
    CHECK(recount(books.storage, books.m.now()).error().code == ErrorCode::corruption);
  }
  SUBCASE("a record that is over and holds money") {
    Books books;
    books.spoil(AuctionId{1}, [](Auction& auction) { auction.money = Amount(7); });
    CHECK(books.broken() == "23");
    CHECK(books.report()[Invariant::terminal_records].failure == "auc_1 kept money");
  }
  SUBCASE("an interval without its booking") {
    Books books;
    books.spoil(books.gpu, [](Gpu& gpu) { gpu.schedule.back().end += 1; });
    CHECK(books.broken() == "4");
  }
  SUBCASE("a booking without its interval") {
    Books books;
    books.spoil(books.gpu, [](Gpu& gpu) { gpu.schedule.clear(); });
    CHECK(books.broken() == "4");
  }
  SUBCASE("a deadline that is missing") {
    Books books;
    const Seconds end = books.m.record(books.live).end;
    books.drop(Key('t').be64(end).u8(static_cast<std::uint8_t>(Kind::booking)).be64(books.live.value));
    CHECK(books.broken() == "59");
  }
  SUBCASE("a closing that paid more than its lock") {
    Books books;
    books.spoil(books.closed, [](Booking& booking) { booking.refund = booking.refund + Amount(1); });
    CHECK(books.broken() == "6");
    CHECK(books.report()[Invariant::closures].failure->starts_with("bk_1 paid out"));
  }
  SUBCASE("a review by somebody else") {
    Books books;
    books.spoil(ReviewId{1}, [](Review& review) { review.customer = kStranger; });
    CHECK(books.broken() == "7");
  }
  SUBCASE("an open bid that stands in no book") {
    Books books;
    books.drop(bid_book_key(TargetKind::gpu, books.gpu.value));
    CHECK(books.broken() == "8");
  }
  SUBCASE("a counter that is off") {
    Books books;
    books.spoil<Totals>(Key('T'), [](Totals& totals) { ++totals.open_offers; });
    CHECK(books.broken() == "9");
    CHECK(*books.report()[Invariant::counters].failure == "the total of openOffers differs from a recount");
  }
}

TEST_CASE("what is no marketplace's storage cannot be recounted") {
  Books books;
  books.storage.storage_entries[{kContract, Bytes{'?'}}] = {1};
  CHECK(check_each_invariant(books.storage, books.m.now()).error().code == ErrorCode::corruption);
}

}  // namespace
}  // namespace aitbc::market::test
