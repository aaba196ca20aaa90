#include "wallet/agent/policy.hpp"

#include <doctest/doctest.h>

namespace aitbc::agent {
namespace {

BidTerms hour_for(Amount amount) { return {amount, 1, 3'600, Amount::ait(3)}; }

TEST_CASE("a bid is accepted from the price that is asked on, or from the policy's own") {
  Policy policy;
  CHECK_FALSE(refuse_timed_bid(policy, hour_for(Amount::ait(3))));
  CHECK(refuse_timed_bid(policy, hour_for(Amount::from_units(Amount::ait(3).units() - 1))));
  policy.min_price_per_hour = Amount::ait(2);
  CHECK_FALSE(refuse_timed_bid(policy, hour_for(Amount::ait(2))));
  CHECK(refuse_timed_bid(policy, hour_for(Amount::ait(1))));
}

TEST_CASE("the price per hour counts the time and the units of an offer") {
  const Policy policy;
  CHECK_FALSE(refuse_timed_bid(policy, {Amount::ait(12), 2, 7'200, Amount::ait(3)}));
  CHECK(refuse_timed_bid(policy, {Amount::ait(11), 2, 7'200, Amount::ait(3)}));
  CHECK(refuse_timed_bid(policy, {Amount::max(), 1, 0, Amount::ait(3)}));
}

TEST_CASE("long bookings and all bids can be refused") {
  Policy policy;
  policy.max_booking_seconds = 3'599;
  CHECK(refuse_timed_bid(policy, hour_for(Amount::ait(9))));
  policy.max_booking_seconds = 3'600;
  CHECK_FALSE(refuse_timed_bid(policy, hour_for(Amount::ait(9))));
  policy.accept_bids = false;
  CHECK(refuse_timed_bid(policy, hour_for(Amount::ait(9))));
  CHECK(refuse_service_bid(policy, {Amount::ait(9), 1, 0, Amount::ait(3)}));
}

TEST_CASE("a job must be of an allowed type and pay enough, and open ones are taken only when wished") {
  Policy policy;
  policy.allowed_types = {"inference"};
  policy.min_job_payment = Amount::ait(1);
  JobTicket job;
  job.type = "inference";
  job.payment = Amount::ait(1);
  job.target_kind = "service";
  CHECK_FALSE(refuse_job(policy, job));
  job.target_kind = "anyone";
  CHECK(refuse_job(policy, job));
  policy.take_open_jobs = true;
  CHECK_FALSE(refuse_job(policy, job));
  job.payment = Amount(1);
  CHECK(refuse_job(policy, job) == "this provider runs jobs from 1 AIT on");
  job.payment = Amount::ait(1);
  job.type = "training";
  CHECK(refuse_job(policy, job) == "this provider does not run jobs of type 'training'");
}

TEST_CASE("a job without enough time left is not begun") {
  Policy policy;
  policy.min_seconds_left = 30;
  JobTicket job;
  job.expires_at = 1'000;
  CHECK(is_worth_beginning(policy, job, 970));
  CHECK_FALSE(is_worth_beginning(policy, job, 971));
  CHECK_FALSE(is_worth_beginning(policy, job, 2'000));
}

}  // namespace
}  // namespace aitbc::agent
