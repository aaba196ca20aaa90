#include "node/rest/auction_lookup.hpp"

#include "node/rest/routes.hpp"

namespace aitbc::rest {

RestResult<Answer> auction_of_type(const RestBackend& backend, const std::string& type,
                                   market::AuctionId id) {
  auto auction = ask_record(backend, "market_getAuction", to_text(id));
  if (!auction && auction.error().status != 404) return auction;
  if (auction && auction->json().find("auctionType").string() == type) return auction;
  std::string name = type;
  if (!name.empty() && name[0] >= 'a' && name[0] <= 'z') name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return refuse(404, name + " auction not found");
}

}  // namespace aitbc::rest
