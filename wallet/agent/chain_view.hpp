// The market as a provider sees it, read from a node.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "wallet/agent/job_folder.hpp"
#include "wallet/cli/node_client.hpp"

namespace aitbc::agent {

struct HeadView {
  Height number = 0;
  Hash parent;  // known to every call, also to those that are tried on the head itself
  std::uint64_t timestamp = 0;
};

struct ProviderView {
  std::string name;
  std::string region;
  std::string endpoint;
  std::uint64_t alive_until = 0;  // Unix seconds; 0: not watched yet
};

struct GpuView {
  std::uint64_t id = 0;
  std::uint64_t number = 0;  // bit in the heartbeat
  std::string device_id;
  std::string listing;    // "listed", "delisted", "retired"
  std::string status;     // "available", ...
  Amount price_per_hour;  // now
  cli::Json document;
};

struct BidView {
  std::uint64_t id = 0;
  std::string state;
  std::string target_kind;  // "gpu", "service", "offer"
  std::uint64_t target = 0;
  Amount amount;
  std::uint64_t capacity = 0;
  std::uint64_t duration_seconds = 0;
};

struct ServiceView {
  std::uint64_t id = 0;
  Address provider;
  std::string name;
  std::string state;
  Amount price;
};

struct OfferView {
  Address provider;
  Amount price;
};

struct JobView {
  JobTicket ticket;
  Address provider;  // zero: anybody may take it
  std::string state;
};

// Every function asks the node once (lists: once a page). Not thread-safe.
class ChainView {
 public:
  explicit ChainView(cli::NodeClient& node) : node_(node) {}

  cli::Outcome<HeadView> head();
  cli::Outcome<cli::Json> params();
  // nullopt when the account is no provider.
  cli::Outcome<std::optional<ProviderView>> provider(const Address& account);
  cli::Outcome<Amount> staked(const Address& account);  // by itself, on itself
  cli::Outcome<std::vector<GpuView>> gpus(const Address& provider);
  cli::Outcome<GpuView> gpu(std::uint64_t id);
  cli::Outcome<std::vector<ServiceView>> open_services(const Address& provider);
  cli::Outcome<ServiceView> service(std::uint64_t id);
  cli::Outcome<OfferView> offer(std::uint64_t id);
  cli::Outcome<std::uint64_t> gpu_of_booking(std::uint64_t booking);
  cli::Outcome<BidView> bid(std::uint64_t id);
  // Open bids with ids from `first` on.
  cli::Outcome<std::vector<BidView>> open_bids(std::uint64_t first);
  cli::Outcome<JobView> job(std::uint64_t id);
  // Jobs in that state with ids from `first` on.
  cli::Outcome<std::vector<JobView>> jobs(std::string_view state, std::uint64_t first);
  // Of the newest record of a list ("market_listJobs"); 0 when there is none.
  cli::Outcome<std::uint64_t> newest(std::string_view list);

 private:
  cli::Outcome<std::vector<cli::Json>> list(std::string_view method, const cli::JsonObject& filters,
                                            std::string cursor = "");
  cli::NodeClient& node_;
};

}  // namespace aitbc::agent
