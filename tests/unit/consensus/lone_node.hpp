// A one-validator network with a driver that answers at once, on virtual time.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "consensus/qbft/engine.hpp"
#include "tests/unit/consensus/fixtures.hpp"

namespace aitbc::qbft::test {

struct LoneNode {
  using TimePoint = consensus::TimePoint;
  using Duration = consensus::Duration;

  explicit LoneNode(const Config& config) : config_(config) {
    headers.push_back(genesis_header({key.address()}));
    engine = *make_engine(config, secp256k1_signatures(key), reader(), std::nullopt);
  }

  consensus::HeaderReader reader() const {
    return [this](Height height) {
      return height < headers.size() ? std::optional(headers[height]) : std::nullopt;
    };
  }

  void start() {
    feed(consensus::Started{});
    feed(consensus::HeadChanged{headers.back()});
  }

  // Runs until `end`, firing timers on the way.
  void run_until(TimePoint end) {
    for (;;) {
      auto next = timers.end();
      for (auto it = timers.begin(); it != timers.end(); ++it)
        if (it->second <= end && (next == timers.end() || it->second < next->second)) next = it;
      if (next == timers.end()) break;
      const std::uint64_t timer = next->first;
      now = std::max(now, next->second);
      timers.erase(next);
      feed(consensus::TimerFired{timer});
    }
    now = end;
  }
  void run_for(Duration duration) { run_until(now + duration); }

  void feed(const consensus::Event& event) {
    for (const consensus::Action& action : engine->on(event, now))
      std::visit([this](const auto& specific) { perform(specific); }, action);
  }

  void perform(const consensus::BuildBlock& build) {
    ++builds_asked;
    if (build_fails) return feed(consensus::BlockBuilt{build.request, std::nullopt});
    if (holds_builds) {
      held.push_back(build);
      return;
    }
    finish(build);
  }
  void finish(const consensus::BuildBlock& build) {
    Header header = next_header(headers.back(), build.coinbase, ValidatorSet({key.address()}));
    header.timestamp = build.timestamp;
    header.extra_data = build.extra_data;
    header.number = build.number;
    feed(consensus::BlockBuilt{build.request, Block{header, {}}});
  }
  void perform(const consensus::CommitBlock& commit) {
    const Header& header = commit.block.header;
    verdicts.push_back(engine->verify(header, headers.back(), commit.commit_proof).has_value());
    headers.push_back(header);
    committed_at.push_back(now);
    feed(consensus::HeadChanged{header});
  }
  void perform(const consensus::SetTimer& set) { timers[set.timer] = set.at; }
  void perform(const consensus::CancelTimer& cancel) { timers.erase(cancel.timer); }
  void perform(const consensus::CheckBlock&) { ++unexpected; }
  void perform(const consensus::Broadcast&) { ++unexpected; }
  void perform(const consensus::SendTo&) { ++unexpected; }
  void perform(const consensus::Relay&) { ++unexpected; }
  void perform(const consensus::Persist&) { ++unexpected; }
  void perform(const consensus::PunishPeer&) { ++unexpected; }

  std::size_t height() const { return headers.size() - 1; }

  PrivateKey key = test_key(1);
  TimePoint now{std::chrono::seconds(kGenesisTime + 1000)};
  std::map<std::uint64_t, TimePoint> timers;
  std::vector<Header> headers;
  std::vector<TimePoint> committed_at;
  std::vector<bool> verdicts;  // of verify() on each block
  bool build_fails = false;
  bool holds_builds = false;
  std::vector<consensus::BuildBlock> held;
  int builds_asked = 0;
  int unexpected = 0;  // a lone validator has nobody to talk to
  Config config_;
  std::unique_ptr<Engine> engine;
};

inline Config config_with(int period_ms, int empty_period_ms = 0) {
  Config config;
  config.schedule.block_period = consensus::Duration(period_ms);
  config.schedule.empty_block_period = consensus::Duration(empty_period_ms);
  return config;
}

}  // namespace aitbc::qbft::test
