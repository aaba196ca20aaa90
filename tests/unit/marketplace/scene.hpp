// A market in which every kind of record is there, in the states that rules speak of.
#pragma once

#include "market.hpp"
#include "signer.hpp"

namespace aitbc::market::test {

// gpu_1 is listed, gpu_2 delisted, gpu_3 retired, gpu_4 interruptible, gpu_5 the worker's.
struct Scene {
  Scene();

  Signer worker{0x21};       // a provider with a key
  Signer coordinator{0x22};  // the one of two that comes first
  Signer other_coordinator{0x23};
  Address validator = aitbc::test::address_of(0x71);
  Address other_validator = aitbc::test::address_of(0x72);
  Address last_validator = aitbc::test::address_of(0x73);
  Address arbitrator = aitbc::test::address_of(0x74);
  Address moderator = aitbc::test::address_of(0x77);
  Market m;

  GpuId listed{1}, delisted{2}, retired{3}, interruptible{4}, workers{5};
  BookingId active, scheduled, released, noticed;
  ServiceId open_service, assigned, delivered, settled;
  BidId open_bid, lost_bid;
  OfferId offer, closed_offer;
  DisputeId dispute, decided;
  JobId queued, running, finished, claimed, unitless;
  AuctionId dutch, sealed, english, gpu_auction, cancelled;
  ProposalId voting, accepted;
  ReviewId review, hidden;

  BookingId book(GpuId gpu, Seconds duration, Seconds start = 0) { return m.book(gpu, duration, start); }
  Hash receipt_digest(JobId job) { return Hash::from(m.call(kStranger, "receiptDigest", job).output); }
  // Signatures of the coordinators over that, in order.
  std::vector<Bytes> attestations(JobId job);

 private:
  void open_gpus();
  void open_bookings();
  void open_trade();
  void open_jobs();
  void open_auctions();
};

JobSpec image_job();
AuctionSpec auction_of_work(const std::string& type, std::vector<AuctionParameter> parameters = {});

}  // namespace aitbc::market::test
