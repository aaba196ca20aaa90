// What a REST request is answered when it is not done: a status and {"detail": ...}.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "http/message.hpp"

namespace aitbc::rest {

// One field that does not fit, as FastAPI reports it.
struct Issue {
  std::vector<std::string> where;  // "body", "gpu", "price_per_hour"
  std::string message;
  std::string type;  // "missing", "type_error", "value_error", "extra_forbidden"
};

struct Problem {
  unsigned status = 400;
  std::string detail;
  std::vector<Issue> issues;  // when there are any, the detail is their list (status 422)
  // Further members of the answer, by name, as JSON.
  std::vector<std::pair<std::string, std::string>> members;
  unsigned retry_after_seconds = 0;  // for status 429
};

template <class T>
using RestResult = tl::expected<T, Problem>;

inline tl::unexpected<Problem> refuse(unsigned status, std::string detail) {
  return tl::unexpected<Problem>(Problem{status, std::move(detail), {}, {}, 0});
}
inline tl::unexpected<Problem> refuse(Problem problem) { return tl::unexpected<Problem>(std::move(problem)); }
// not_found is 404, conflict 409, invalid_input and limit 400, unavailable 503, trouble of this machine 500.
tl::unexpected<Problem> refuse(Error error);
// What the contract refused, from its ABI error: the status that fits, and the error in words.
Problem problem_of_revert(ByteView revert_data);

http::Response render(const Problem& problem);

// As AITBC_TRY and AITBC_ASSIGN, in functions that return RestResult; the expression may be a Result or a
// RestResult.
#define REST_TRY(expression)                                            \
  do {                                                                  \
    if (auto rest_try_result = (expression); !rest_try_result)          \
      return ::aitbc::rest::refuse(std::move(rest_try_result).error()); \
  } while (false)
#define REST_ASSIGN(target, expression) \
  REST_ASSIGN_IMPL(AITBC_CONCAT(rest_result_, __LINE__), target, expression)
#define REST_ASSIGN_IMPL(holder, target, expression)                    \
  auto holder = (expression);                                           \
  if (!holder) return ::aitbc::rest::refuse(std::move(holder).error()); \
  target = std::move(*holder)

}  // namespace aitbc::rest
