// Sealed bids: a commitment first, the amount when all have bid.
#include <array>

#include "codec/hex.hpp"
#include "node/rest/auction_lookup.hpp"
#include "node/rest/routes.hpp"
#include "node/rest/simulation.hpp"

namespace aitbc::rest {
namespace {

using market::AuctionId;

constexpr std::array kCommitted{
    OutField{"auction_id", "auctionId", Form::text, "id of the auction"},
    OutField{"bidder", "bidder", Form::text, "address"},
    OutField{"commitment", "commitment", Form::text, "what hides the bid"},
};
constexpr Shape kCommittedShape{"BidCommitted", kCommitted};
constexpr std::array kRevealed{
    OutField{"auction_id", "auctionId", Form::text, "id of the auction"},
    OutField{"bidder", "bidder", Form::text, "address"},
    OutField{"amount", "amount", Form::amount, "AIT"},
};
constexpr Shape kRevealedShape{"BidRevealed", kRevealed};

struct CommitBid : BodyInput {
  std::optional<Hash> commitment, salt;
  std::optional<Ait> amount;
  static constexpr auto kFields = std::tuple(
      input("commitment", &CommitBid::commitment,
            "keccak256(abi.encode(auctionId, bidder, amount, salt)); nobody can tell the bid from it"),
      input("amount", &CommitBid::amount, "AIT: or this and salt, which this node then gets to know"),
      input("salt", &CommitBid::salt, "32 random bytes, to be kept until the bid is revealed"));
};
RestResult<std::string> commitment_of(const RestBackend& backend, AuctionId id, const CommitBid& body) {
  if (body.commitment && !body.amount && !body.salt) return hex::encode_prefixed(*body.commitment);
  if (body.commitment || !body.amount || !body.salt)
    return refuse(422, "give commitment, or amount and salt");
  if (!body.caller) return refuse(422, "who bids? Give from or an X-Api-Key, or commitment");
  Params terms;
  terms.text("auctionId", to_text(id)).text("bidder", hex::checksummed(*body.caller));
  terms.amount("amount", body.amount->value).text("salt", hex::encode_prefixed(*body.salt));
  REST_ASSIGN(const Answer commitment, ask_view(backend, "bidCommitment", terms));
  return std::string(commitment.json().string());
}

struct RevealBid : BodyInput {
  Ait amount;
  Hash salt;
  static constexpr auto kFields = std::tuple(input("amount", &RevealBid::amount, "AIT, as committed to"),
                                             input("salt", &RevealBid::salt, "as committed to"));
};

}  // namespace

void register_sealed_bid_routes(Registry& registry) {
  registry.write(
      {"commit_bid",
       "POST",
       "/v1/marketplace/extensions/{type}-auction/{auction_id}/commit",
       "auctions",
       "A sealed bid; its bond comes back when it is revealed",
       &kCommittedShape,
       201,
       false,
       {404, 409}},
      {"commitBid"},
      [](const RestBackend& backend, const std::string& type, AuctionId id,
         const CommitBid& body) -> RestResult<Plan> {
        REST_TRY(auction_of_type(backend, type, id));
        REST_ASSIGN(const std::string commitment, commitment_of(backend, id, body));
        return Plan{"commitBid",
                    Params().text("auctionId", to_text(id)).text("commitment", commitment).json()};
      },
      [](const RestBackend&, const std::string&, AuctionId id, const market::Decoded& call) {
        return event_about(call, "auctionId", to_text(id), "BidCommitted");
      });
  registry.write(
      {"reveal_bid",
       "POST",
       "/v1/marketplace/extensions/{type}-auction/{auction_id}/reveal",
       "auctions",
       "Opens a sealed bid",
       &kRevealedShape,
       200,
       false,
       {404, 409}},
      {"revealBid"},
      [](const RestBackend& backend, const std::string& type, AuctionId id,
         const RevealBid& body) -> RestResult<Plan> {
        REST_TRY(auction_of_type(backend, type, id));
        return Plan{"revealBid", Params()
                                     .text("auctionId", to_text(id))
                                     .amount("amount", body.amount.value)
                                     .text("salt", hex::encode_prefixed(body.salt))
                                     .json()};
      },
      [](const RestBackend&, const std::string&, AuctionId id, const market::Decoded& call) {
        return event_about(call, "auctionId", to_text(id), "BidRevealed");
      });
}

}  // namespace aitbc::rest
