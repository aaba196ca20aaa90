// Benchmarks of the marketplace at size: its calls, the end of a block, search. One core, in memory, apart
// from signatures and the trie; processor time.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <ctime>

#include "bench/market/big_market.hpp"
#include "marketplace/queries.hpp"
#include "marketplace/query_args.hpp"

namespace {

using namespace aitbc;
using namespace aitbc::bench;

constexpr std::uint64_t kCallsPerBlock = 1'000;

// How often each thing is measured.
struct Counts {
  std::uint64_t calls = 20'000;  // of each kind, in blocks of kCallsPerBlock
  std::uint64_t blocks = 50;
  int searches = 2'000;
};

// Processor time of this thread, in microseconds: what other programs do meanwhile does not count.
double processor_us() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) * 1e6 + static_cast<double>(time.tv_nsec) / 1e3;
}

// What it costs to read that clock, a system call: the least of many pairs of readings.
double clock_us() {
  static const double cost = [] {
    double least = 1e6;
    for (int i = 0; i < 10'000; ++i) {
      const double start = processor_us();
      least = std::min(least, processor_us() - start);
    }
    return least;
  }();
  return cost;
}

// Processor time since `start`, the clock's own taken off.
double processor_us_since(double start) { return processor_us() - start - clock_us(); }

struct Times {
  std::vector<double> us;
  double at(double share) {
    std::sort(us.begin(), us.end());
    return us[std::min(us.size() - 1, static_cast<std::size_t>(share * static_cast<double>(us.size())))];
  }
  double mean() const {
    double sum = 0;
    for (const double each : us) sum += each;
    return sum / static_cast<double>(us.size());
  }
};

void print(const char* what, Times& times, const char* target) {
  std::printf("%-34s mean %9.2f us   p50 %9.2f us   p99 %9.2f us   target %s\n", what, times.mean(),
              times.at(0.5), times.at(0.99), target);
}

struct Sent {
  Address from;
  Bytes data;
};

// Calls in blocks, each block kept.
template <class Make>
Times time_calls(BigMarket& market, std::uint64_t count, Seconds now, Make&& make) {
  Times times;
  for (std::uint64_t done = 0; done < count;) {
    std::vector<Sent> calls;
    for (std::uint64_t i = 0; i < kCallsPerBlock; ++i) calls.push_back(make(done + i));
    State state(market.view());
    const BlockContext block = market.block_at(now);
    for (const Sent& each : calls) {
      const double start = processor_us();
      const auto checkpoint = state.checkpoint();
      const CallResult result =
          market.module().call(state, {block, each.from, {}, {}, 10'000'000}, each.data);
      times.us.push_back(processor_us_since(start));
      if (!result.succeeded) {
        state.rollback(checkpoint);
        std::fprintf(stderr, "a call failed: %s\n", market::describe_error(result.output).c_str());
        std::exit(1);
      }
    }
    market.commit(std::move(state));
    done += kCallsPerBlock;
  }
  return times;
}

void time_block_ends(BigMarket& market, std::uint64_t blocks) {
  Times empty;
  Times closing;
  const auto end_block = [&](Seconds now, Times& times) {
    State state(market.view());
    Logs logs;
    const double start = processor_us();
    market.module().end_block(state, market.block_at(now), logs);
    times.us.push_back(processor_us_since(start));
    market.commit(std::move(state));
    return logs.size();
  };
  for (std::uint64_t i = 0; i < blocks; ++i)
    if (end_block(kStart + 1, empty) != 0) std::fprintf(stderr, "an empty block was not empty\n");
  std::size_t logs = 0;
  for (std::uint64_t i = 0; i < blocks; ++i)
    logs += end_block(market.first_end() + static_cast<Seconds>(i), closing);
  print("end of an empty block", empty, "<= 50 us");
  print("end of a block, 512 bookings close", closing, "<= 5000 us");
  std::printf("  (%zu logs in %llu blocks)\n", logs, static_cast<unsigned long long>(blocks));
}

void time_searches(const BigMarket& market, int searches) {
  const auto index = market.index();
  const market::QueryMethod* list = nullptr;
  for (const auto& method : market::query_methods())
    if (method.name == "market_listGpus") list = &method;
  const auto time = [&](const char* what, const char* target, auto&& params) {
    Times times;
    for (int i = 0; i < searches; ++i) {
      const std::string text = params(i);
      const double start = processor_us();
      const auto args = market::QueryArgs::parse(*list, text);
      const auto answer = market::query({market.view(), kStart + 10, kStart, index.get()}, list->name, *args);
      times.us.push_back(processor_us_since(start));
      if (!answer) std::fprintf(stderr, "a search failed: %s\n", answer.error().message.c_str());
    }
    print(what, times, target);
  };
  time("first page (100 GPUs)", "p99 <= 1000 us", [](int) { return std::string("{}"); });
  time("first page (20 GPUs)", "p99 <= 1000 us", [](int) { return std::string(R"({"limit":20})"); });
  const char* const regions[] = {"eu-west", "eu-north", "us-east", "us-west", "ap-south", "ap-east"};
  const char* const sorts[] = {"price", "-price", "-rating", "-memory", "bookings"};
  time("search: 3 filters and a sort", "p99 <= 5000 us", [&](int i) {
    return std::string(R"({"region":")") + regions[i % 6] + R"(","memoryMin":)" +
           std::to_string(12 + i % 40) + R"(,"priceMax":")" + std::to_string(500 + i % 4'000) +
           R"(000000000000000","sort":")" + sorts[i % 5] + "\"}";
  });
  time("search: words, free, memory; sort", "p99 <= 5000 us", [&](int i) {
    return std::string(R"({"query":"rtx nvenc","available":)") + (i % 2 == 0 ? "true" : "false") +
           R"(,"memoryMin":12,"sort":")" + sorts[i % 5] + "\"}";
  });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Benchmarks of the marketplace at size", "bench_market");
  MarketSize size;
  Counts counts;
  app.add_option("--gpus", size.gpus, "GPUs")->capture_default_str();
  app.add_option("--bookings", size.bookings, "live bookings")->capture_default_str();
  app.add_option("--calls", counts.calls, "calls of each kind, in thousands of which each is a block")
      ->capture_default_str();
  app.add_option("--blocks", counts.blocks, "blocks that end")->capture_default_str();
  app.add_option("--searches", counts.searches, "searches of each kind")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  const double start = processor_us();
  BigMarket market(size);
  std::printf("%llu GPUs, %llu live bookings (made in %.1f s of processor time)\n",
              static_cast<unsigned long long>(size.gpus), static_cast<unsigned long long>(size.bookings),
              (processor_us() - start) / 1e6);
  time_searches(market, counts.searches);

  const Seconds now = kStart + 60;
  const auto gpu = [&](std::uint64_t i) { return market::GpuId{i * 4'999 % size.gpus + 1}; };
  auto bids = time_calls(market, counts.calls, now, [&](std::uint64_t i) {
    return Sent{market.customer(i + 7),
                calldata("placeBid", market::TargetKind::gpu, gpu(i).value, Amount::ait(3), std::uint64_t{1},
                         Seconds{kHour}, std::string("soon"), Seconds{0})};
  });
  print("bid", bids, "<= 10 us");
  auto books = time_calls(market, counts.calls, now, [&](std::uint64_t i) {
    return Sent{market.customer(i), calldata("bookGpu", gpu(i), kStart + 40 * 86'400, Seconds{kHour},
                                             Amount::ait(1'000), std::string("train"))};
  });
  print("book", books, "<= 10 us");
  // Running bookings other than those that the blocks below close.
  const std::uint64_t first = kEndingTogether * (counts.blocks + 1);
  auto releases = time_calls(market, counts.calls, now, [&](std::uint64_t i) {
    return Sent{market.customer(first + i), calldata("releaseBooking", market::BookingId{first + i + 1})};
  });
  print("release", releases, "<= 10 us");
  auto reviews = time_calls(market, counts.calls, now, [&](std::uint64_t i) {
    return Sent{market.customer(first + i), calldata("addReview", market::SubjectKind::booking, first + i + 1,
                                                     std::uint8_t{4}, std::string("as promised"))};
  });
  print("review", reviews, "<= 10 us");
  time_block_ends(market, counts.blocks);
  return 0;
}
