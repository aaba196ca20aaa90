// aitbc-bench-chain: makes the data directory of a chain with as many validators, blocks, transfers and
// accounts as wanted, for measurements of start, import, sync, memory and reads. Blocks follow each other at
// once, each sealed by a quorum; everything else is what the node does.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <thread>

#include "consensus/qbft/commit_proof.hpp"
#include "consensus/qbft/extra_data.hpp"
#include "consensus/qbft/header_forms.hpp"
#include "consensus/qbft/header_rules.hpp"
#include "consensus/qbft/validators.hpp"
#include "crypto/keccak.hpp"
#include "marketplace/marketplace.hpp"
#include "node/data_directory.hpp"
#include "node/opened_chain.hpp"

namespace {

using namespace aitbc;

struct Plan {
  std::filesystem::path data_dir;
  std::uint64_t validators = 1;
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

// The validators' keys are the last ones, so that no sender has them.
std::vector<PrivateKey> validator_keys(const Plan& plan) {
  std::vector<PrivateKey> keys;
  for (std::uint64_t i = 0; i < plan.validators; ++i) keys.push_back(numbered_key(~i));
  return keys;
}

genesis::Genesis bench_genesis(const Plan& plan, const std::vector<PrivateKey>& keys) {
  genesis::Genesis genesis = *genesis::parse_genesis(genesis::devnet_json());
  for (std::uint64_t i = 0; i < plan.senders; ++i)
    genesis.alloc[numbered_key(i).address()].balance = Amount::ait(1'000'000);
  std::vector<Address> validators;
  for (const PrivateKey& key : keys) validators.push_back(key.address());
  return genesis::with_validators(std::move(genesis), validators);
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
    // A thread costs as much as signing a few.
    const std::size_t threads =
        std::clamp<std::size_t>(out.size() / 16, 1, std::max(1U, std::thread::hardware_concurrency()));
    const auto work = [&](std::size_t worker) {
      for (std::size_t i = worker; i < out.size(); i += threads) out[i] = make(made_ + i);
    };
    std::vector<std::thread> workers;
    for (std::size_t worker = 1; worker < threads; ++worker) workers.emplace_back(work, worker);
    work(0);
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

// Makes final blocks with the keys of all validators at hand: the proposer in turn, round 0, and seals of a
// quorum.
class Sealer {
 public:
  Sealer(OpenedChain& opened, TransferSource& transfers, std::vector<PrivateKey> keys)
      : opened_(opened), transfers_(transfers), keys_(std::move(keys)), validators_(addresses_of(keys_)) {
    std::sort(keys_.begin(), keys_.end(),
              [](const PrivateKey& a, const PrivateKey& b) { return a.address() < b.address(); });
  }

  Result<void> run(std::uint64_t blocks) {
    const Seconds gap = std::max<Seconds>(1, qbft::minimum_gap(opened_.genesis.qbft.block_period_ms));
    const Bytes extra_data = qbft::genesis_extra_data(validators_.addresses());
    for (std::uint64_t i = 0; i < blocks; ++i) {
      const Header parent = opened_.chain->view()->head;
      const Address& proposer = validators_.proposer(parent.coinbase, 0);
      AITBC_ASSIGN(const Block block,
                   opened_.chain->build({parent.number + 1, parent.timestamp + gap, proposer, extra_data},
                                        transfers_.next_block()));
      AITBC_ASSIGN(const Bytes proof, seal(block.header));
      AITBC_TRY(opened_.engine->verify(block.header, parent, proof));
      AITBC_TRY(opened_.chain->commit(block, proof, Durability::buffered));
      if (block.header.number % 1000 == 0)
        std::fprintf(stderr, "block %llu\n", static_cast<unsigned long long>(block.header.number));
    }
    return {};
  }

 private:
  static std::vector<Address> addresses_of(const std::vector<PrivateKey>& keys) {
    std::vector<Address> out;
    for (const PrivateKey& key : keys) out.push_back(key.address());
    std::sort(out.begin(), out.end());
    return out;
  }

  Result<Bytes> seal(const Header& header) const {
    AITBC_ASSIGN(const Hash digest, qbft::commit_seal_hash(header, 0));
    qbft::CommitProof proof;
    for (std::size_t i = 0; i < validators_.quorum(); ++i) proof.seals.push_back(sign(keys_[i], digest));
    return qbft::encode(proof);
  }

  OpenedChain& opened_;
  TransferSource& transfers_;
  std::vector<PrivateKey> keys_;
  qbft::ValidatorSet validators_;
};

Result<void> make_chain(const Plan& plan) {
  NodeConfig config;
  config.data_dir = plan.data_dir;
  const std::vector<PrivateKey> keys = validator_keys(plan);
  AITBC_TRY(write_key_file(config.key_path(), keys.front()));
  AITBC_TRY(write_text_file(config.genesis_path(), genesis::render_genesis(bench_genesis(plan, keys)), {}));
  AITBC_ASSIGN(const auto opened, open_chain(config, OpenMode::validator));
  TransferSource transfers(plan, opened->chain->rules().chain_id);
  AITBC_TRY(Sealer(*opened, transfers, keys).run(plan.blocks));
  const Header head = opened->chain->view()->head;
  std::printf("made %llu blocks with %llu transactions each in %s\n",
              static_cast<unsigned long long>(head.number),
              static_cast<unsigned long long>(plan.transactions_per_block), plan.data_dir.c_str());
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Makes the data directory of a chain of a given size, for measurements.", "aitbc-bench-chain");
  Plan plan;
  app.add_option("--data-dir", plan.data_dir, "folder to make")->required();
  app.add_option("--validators", plan.validators, "validators; the data directory has the key of one")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
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
