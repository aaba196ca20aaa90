#include <CLI/CLI.hpp>

#include "codec/hex.hpp"
#include "wallet/cli/market_client.hpp"
#include "wallet/cli/marketplace_groups.hpp"

namespace aitbc::cli {
namespace {

using market::Kind;

struct ReviewOptions {
  std::string subject;
  unsigned rating = 0;
  std::string comment;
  CallOptions call;
};

// The wallet's latest finished booking of that GPU that has no review yet.
Outcome<std::uint64_t> booking_to_review(Context& context, const std::string& gpu,
                                         const std::string& wallet) {
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::gpu, gpu));
  AITBC_ASSIGN(const Address customer, wallet_address(context, wallet));
  JsonObject filters;
  filters.text("gpuId", market::id_text(Kind::gpu, id)).text("customer", hex::encode_prefixed(customer));
  filters.boolean("newestFirst", true);
  AITBC_ASSIGN(const Json page, market_query(context, "market_listBookings", filters));
  for (const Json& booking : page["items"].elements()) {
    const std::string state = booking["state"].text();
    const bool finished = state != "scheduled" && state != "active" && state != "cancelled";
    if (finished && booking["reviewId"].is_null()) return read_id(Kind::booking, booking["id"].text());
  }
  return failed(Exit::refused,
                "wallet '" + wallet + "' has no finished booking of " + gpu + " left to review");
}

Outcome<std::uint64_t> subject_id(Context& context, const ReviewOptions& options) {
  const auto kind = kind_of(options.subject);
  if (kind == Kind::gpu) return booking_to_review(context, options.subject, options.call.wallet);
  return read_id(kind == Kind::service ? Kind::service : Kind::booking, options.subject);
}

Outcome<void> add_review(Context& context, const ReviewOptions& options) {
  const bool on_service = kind_of(options.subject) == Kind::service;
  AITBC_ASSIGN(const std::uint64_t id, subject_id(context, options));
  JsonObject arguments;
  arguments.number("subjectKind", on_service ? 1 : 0).number("subjectId", id);
  arguments.number("rating", options.rating).text("comment", options.comment);
  AITBC_ASSIGN(const Submitted submitted,
               market_call(context, options.call.wallet, "addReview", arguments.str(), options.call.submit));
  const Json event = event_of(submitted, "ReviewAdded");
  report_call(context, "Review added: " + event["reviewId"].text(),
              {{{"review_id", "Review"}, plain_cell(event["reviewId"])},
               {{"subject", "Of"}, text_cell(options.subject)},
               {{"rating", "Rating"}, plain_cell(event["rating"])}},
              submitted);
  return {};
}

struct ListReviewsOptions {
  std::string gpu;
  ListOptions list;
};

std::vector<Cell> review_row(const Json& review) {
  return {plain_cell(review["id"]),         plain_cell(review["rating"]),   plain_cell(review["subjectId"]),
          moment_cell(review["createdAt"]), plain_cell(review["customer"]), plain_cell(review["comment"])};
}

Outcome<void> list_reviews(Context& context, const ListReviewsOptions& options) {
  AITBC_ASSIGN(const std::uint64_t id, read_id(Kind::gpu, options.gpu));
  AITBC_ASSIGN(const Json gpu, find_gpu(context, id));
  if (!context.output().is_json() && !gpu["averageRating"].is_null())
    context.output().line("Average rating: " + gpu["averageRating"].text() + " of " + gpu["reviews"].text() +
                          " reviews");
  return print_list(context, "market_listReviews", JsonObject().text("gpuId", market::id_text(Kind::gpu, id)),
                    options.list,
                    {{{"review_id", "REVIEW"},
                      {"rating", "RATING"},
                      {"subject", "OF"},
                      {"date", "DATE"},
                      {"user", "USER"},
                      {"comment", "COMMENT"}},
                     {},
                     "no reviews"},
                    review_row);
}

void add_review_list(CLI::App& market, Context& context) {
  auto options = std::make_shared<ListReviewsOptions>();
  CLI::App* command = market.add_subcommand("reviews", "List the reviews of a GPU");
  command->add_option("gpu", options->gpu, "Such as gpu_3")->required();
  add_list_options(*command, options->list);
  command->callback([&context, options] {
    context.action = [&context, options] { return list_reviews(context, *options); };
  });
}

}  // namespace

void add_review_commands(CLI::App& market, Context& context) {
  add_review_list(market, context);
  CLI::App* group = market.add_subcommand("review", "Judge finished work");
  group->require_subcommand(1);
  add_review_calls(*group, context);
  auto options = std::make_shared<ReviewOptions>();
  CLI::App* command = group->add_subcommand("add", "Review a finished booking or service of yours, once");
  command
      ->add_option("subject", options->subject,
                   "The booking (bk_7), the GPU (gpu_3) that was booked, or the service (svc_2)")
      ->required();
  command->add_option("--rating", options->rating, "1 (bad) to 5 (good)")
      ->required()
      ->check(CLI::Range(1, 5));
  command->add_option("--comment", options->comment, "At most 1024 bytes");
  add_call_options(*command, options->call);
  command->callback([&context, options] {
    context.action = [&context, options] { return add_review(context, *options); };
  });
}

}  // namespace aitbc::cli
