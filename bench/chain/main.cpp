// aitbc-bench-chain: makes the data directory of a one-validator chain with as many blocks, transfers and
// accounts as wanted, for measurements of start, import, memory and reads. The consensus engine runs on
// virtual time, so that blocks follow each other at once; everything else is what the node does.
#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <thread>

#include "consensus/qbft/engine.hpp"
#include "crypto/keccak.hpp"
#include "marketplace/marketplace.hpp"
#include "node/data_directory.hpp"
#include "node/opened_chain.hpp"

namespace {

using namespace aitbc;
using namespace aitbc::consensus;

struct Plan {
  std::filesystem::path data_dir;
  std::uint64_t blocks = 100;
  std::uint64_t transactions_per_block = 1000;
  std::uint64_t senders = 1000;
  std::uint64_t recipients = 1000;
};

PrivateKey numbered_key(std::uint64_t number) {
  Bytes seed = to_bytes(as_bytes("aitbc-bench-chain"));
  append_be64(seed, number);
  return *PrivateKey::from_bytes(keccak256(seed));
}

Address numbered_recipient(std::uint64_t number) {
  Bytes seed = to_bytes(as_bytes("recipient"));
  append_be64(seed, number);
  return Address::from(keccak256(seed).view().last(20));
}

genesis::Genesis bench_genesis(const Plan& plan, const Address& validator) {
  genesis::Genesis genesis = *genesis::parse_genesis(genesis::devnet_json());
  for (std::uint64_t i = 0; i < plan.senders; ++i)
    genesis.alloc[numbered_key(i).address()].balance = Amount::ait(1'000'000);
  return genesis::with_validators(std::move(genesis), {&validator, 1});
}

// Signed transfers in nonce order, from every sender in turn to every recipient in turn.
class TransferSource {
 public:
  TransferSource(const Plan& plan, std::uint64_t chain_id) : plan_(plan), chain_id_(chain_id) {
    for (std::uint64_t i = 0; i < plan.senders; ++i) {
      keys_.push_back(numbered_key(i));
      addresses_.push_back(keys_.back().address());
    }
  }

  std::vector<TransactionPtr> next_block() {
    std::vector<TransactionPtr> out(plan_.transactions_per_block);
    std::vector<std::thread> workers;
    const std::size_t threads = std::max(1U, std::thread::hardware_concurrency());
    for (std::size_t worker = 0; worker < threads; ++worker)
      workers.emplace_back([&, worker] {
        for (std::size_t i = worker; i < out.size(); i += threads) out[i] = make(made_ + i);
      });
    for (std::thread& each : workers) each.join();
    made_ += out.size();
    return out;
  }

 private:
  TransactionPtr make(std::uint64_t number) const {
    const std::uint64_t sender = number % plan_.senders;
    auto out = std::make_shared<RecoveredTransaction>();
    out->transaction.chain_id = chain_id_;
    out->transaction.nonce = number / plan_.senders;
    out->transaction.max_fee_per_gas = Uint256(1'000'000'000'000);
    out->transaction.max_priority_fee_per_gas = Uint256(1'000'000'000);
    out->transaction.gas_limit = 21'000;
    out->transaction.to = numbered_recipient(number % plan_.recipients);
    out->transaction.value = Uint256(1);
    sign_transaction(out->transaction, keys_[sender]);
    out->wire = encode(out->transaction);
    out->hash = keccak256(out->wire);
    out->sender = addresses_[sender];  // what recovery would find
    return out;
  }

  const Plan& plan_;
  std::uint64_t chain_id_;
  std::vector<PrivateKey> keys_;
  std::vector<Address> addresses_;
  std::uint64_t made_ = 0;
};

// Performs the engine's actions at once; timers move the clock.
class VirtualValidator {
 public:
  VirtualValidator(OpenedChain& opened, TransferSource& transfers)
      : opened_(opened),
        transfers_(transfers),
        now_(std::chrono::seconds(opened.chain->view()->head.timestamp)) {}

  Result<void> run(std::uint64_t blocks) {
    events_ = {Started{}, HeadChanged{opened_.chain->view()->head}};
    const Height last = opened_.chain->view()->head.number + blocks;
    while (opened_.chain->view()->head.number < last) {
      events_.push_back(WorkPending{});
      while (!events_.empty()) {
        const Event event = std::move(events_.front());
        events_.erase(events_.begin());
        for (const Action& action : opened_.engine->on(event, now_)) {
          AITBC_TRY(std::visit([this](const auto& each) { return perform(each); }, action));
        }
      }
      if (timers_.empty()) return fail(ErrorCode::unavailable, "the engine waits for nothing");
      const auto due = std::min_element(timers_.begin(), timers_.end(),
                                        [](const auto& a, const auto& b) { return a.second < b.second; });
      now_ = std::max(now_, due->second);
      events_.push_back(TimerFired{due->first});
      timers_.erase(due);
    }
    return {};
  }

 private:
  Result<void> perform(const BuildBlock& action) {
    auto block = opened_.chain->build({action.number, action.timestamp, action.coinbase, action.extra_data},
                                      transfers_.next_block());
    if (!block) return fail(block.error());
    events_.push_back(BlockBuilt{action.request, std::move(*block)});
    return {};
  }
  Result<void> perform(const CommitBlock& action) {
    AITBC_TRY(opened_.chain->commit(action.block, action.commit_proof, nullptr, Durability::buffered));
    events_.push_back(HeadChanged{action.block.header});
    if (action.block.header.number % 1000 == 0)
      std::fprintf(stderr, "block %llu\n", static_cast<unsigned long long>(action.block.header.number));
    return {};
  }
  Result<void> perform(const SetTimer& action) {
    timers_[action.timer] = action.at;
    return {};
  }
  Result<void> perform(const CancelTimer& action) {
    timers_.erase(action.timer);
    return {};
  }
  Result<void> perform(const CheckBlock&) {
    return fail(ErrorCode::unavailable, "a lone validator checks nothing");
  }
  Result<void> perform(const Persist&) { return {}; }  // the process does not outlive its work
  Result<void> perform(const Broadcast&) { return {}; }
  Result<void> perform(const SendTo&) { return {}; }
  Result<void> perform(const Relay&) { return {}; }
  Result<void> perform(const PunishPeer&) { return {}; }

  OpenedChain& opened_;
  TransferSource& transfers_;
  TimePoint now_;
  std::vector<Event> events_;
  std::map<std::uint64_t, TimePoint> timers_;
};

Result<void> make_chain(const Plan& plan) {
  NodeConfig config;
  config.data_dir = plan.data_dir;
  const PrivateKey key = numbered_key(~std::uint64_t{0});
  AITBC_TRY(write_key_file(config.key_path(), key));
  AITBC_TRY(write_text_file(config.genesis_path(),
                            genesis::render_genesis(bench_genesis(plan, key.address())), {}));
  AITBC_ASSIGN(const auto opened, open_chain(config, OpenMode::validator));
  TransferSource transfers(plan, opened->chain->rules().chain_id);
  AITBC_TRY(VirtualValidator(*opened, transfers).run(plan.blocks));
  const Header head = opened->chain->view()->head;
  std::printf("made %llu blocks with %llu transactions each in %s\n",
              static_cast<unsigned long long>(head.number),
              static_cast<unsigned long long>(plan.transactions_per_block), plan.data_dir.c_str());
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Makes the data directory of a one-validator chain of a given size, for measurements.",
               "aitbc-bench-chain");
  Plan plan;
  app.add_option("--data-dir", plan.data_dir, "folder to make")->required();
  app.add_option("--blocks", plan.blocks, "blocks to make")->capture_default_str();
  app.add_option("--transactions", plan.transactions_per_block, "transfers in each block")
      ->capture_default_str();
  app.add_option("--senders", plan.senders, "accounts that send, funded by the genesis")
      ->capture_default_str();
  app.add_option("--recipients", plan.recipients, "accounts that receive")->capture_default_str();
  CLI11_PARSE(app, argc, argv);
  if (const auto made = make_chain(plan); !made) {
    std::fprintf(stderr, "error: %s\n", made.error().message.c_str());
    return 1;
  }
  return 0;
}
