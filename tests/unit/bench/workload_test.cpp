#include "load/workload.hpp"

#include <doctest/doctest.h>

#include <map>
#include <set>

#include "codec/hex.hpp"
#include "load/echo_server.hpp"
#include "load/submission.hpp"

using namespace aitbc;
using namespace aitbc::bench;

namespace {

const Fees kFees{Uint256(100), Uint256(2)};

std::vector<Account> accounts_with_nonces(std::size_t count) {
  std::vector<Account> out = derive_accounts("test", count);
  for (std::size_t i = 0; i < count; ++i) out[i].nonce = 10 * i;
  return out;
}

// The transactions that a request carries.
std::vector<TransactionPtr> transactions_of(const std::string& request) {
  constexpr std::string_view kOpen = R"("params":[")";
  std::vector<TransactionPtr> out;
  for (std::size_t at = request.find(kOpen); at != std::string::npos; at = request.find(kOpen, at)) {
    at += kOpen.size();
    const Bytes wire = hex::decode(request.substr(at, request.find('"', at) - at)).value();
    out.push_back(recover_transaction(wire).value());
  }
  return out;
}

}  // namespace

TEST_CASE("a seed always gives the same accounts, another seed others") {
  CHECK(derive_accounts("a", 3)[2].address == derive_accounts("a", 5)[2].address);
  CHECK(derive_accounts("a", 1)[0].address != derive_accounts("b", 1)[0].address);
}

TEST_CASE("every transfer is made once, and an account's nonces rise along one connection") {
  const std::vector<Account> accounts = accounts_with_nonces(7);
  const Endpoint endpoint{"127.0.0.1", 8545, "/"};
  const Workload workload = prepare_transfers(endpoint, accounts, {103, 3, 10, 661436, kFees});
  std::set<Hash> hashes;
  std::map<Address, std::pair<std::size_t, Nonce>> next;  // connection and nonce
  for (std::size_t c = 0; c < workload.connections.size(); ++c)
    for (const PreparedBatch& batch : workload.connections[c]) {
      const auto transactions = transactions_of(batch.request);
      REQUIRE(transactions.size() == batch.count);
      for (std::size_t i = 0; i < batch.count; ++i) {
        CHECK(transactions[i]->hash == workload.hashes[batch.first + i]);
        CHECK(transactions[i]->transaction.chain_id == 661436);
        hashes.insert(transactions[i]->hash);
        const auto [known, fresh] =
            next.try_emplace(transactions[i]->sender, c, transactions[i]->transaction.nonce);
        CHECK(known->second.first == c);
        CHECK(known->second.second++ == transactions[i]->transaction.nonce);
      }
    }
  CHECK(hashes.size() == 103);
  REQUIRE(next.size() == 7);
  for (const Account& account : accounts) {
    const Nonce sent = next.at(account.address).second - account.nonce;
    CHECK((sent == 14 || sent == 15));
  }
}

TEST_CASE("a server that accepts nothing ends the run with its own words") {
  const auto server = EchoServer::start(1).value();
  const Endpoint endpoint{"127.0.0.1", server->port(), "/"};
  const Workload workload = prepare_transfers(endpoint, accounts_with_nonces(4), {40, 2, 10, 1, kFees});
  SubmissionOptions options;
  options.first_block = 1;
  const SubmissionResult result = submit(endpoint, workload, options).value();
  CHECK(result.accepted == 0);
  CHECK(result.refused == 40);
  CHECK(result.included == 0);
  CHECK(result.first_refusal.starts_with(R"([{"jsonrpc":"2.0")"));
}

TEST_CASE("a rate spreads the requests over time") {
  const auto server = EchoServer::start(1).value();
  const Endpoint endpoint{"127.0.0.1", server->port(), "/"};
  const Workload workload = prepare_transfers(endpoint, accounts_with_nonces(4), {40, 2, 5, 1, kFees});
  SubmissionOptions options;
  options.rate = 200;
  const SubmissionResult result = submit(endpoint, workload, options).value();
  CHECK(result.refused == 40);
  CHECK(result.accepting_seconds >= 0.14);
}

TEST_CASE("fees leave room for a growing base fee and refuse absurd ones") {
  ChainInfo chain;
  chain.base_fee = 7;
  chain.priority_fee = 3;
  CHECK(choose_fees(chain, 100).value().max_fee_per_gas == Uint256(703));
  CHECK(choose_fees(chain, 100).value().max_priority_fee_per_gas == Uint256(3));
  chain.base_fee = Uint256::from_parts(~0ULL, 0, 0, 0);
  CHECK_FALSE(choose_fees(chain, 100).has_value());
}
