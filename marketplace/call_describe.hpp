// Makes a Call from a handler: its argument and return types are those of the C++ function.
#pragma once

#include "marketplace/call_table.hpp"

namespace aitbc::market {

template <class T>
struct HandlerTraits;
template <class R, class... Args>
struct HandlerTraits<Outcome<R> (*)(Context&, Args...)> {
  using Return = R;
  using Arguments = std::tuple<std::remove_cvref_t<Args>...>;
};

struct CallText {
  std::string_view name;
  std::string_view type;
  Gas gas;
  std::string_view arguments;  // names, comma-separated
  std::string_view result;     // name, empty for none
  std::string_view meaning;
  Gas gas_per_item = 0;
};

template <auto F>
Outcome<Bytes> handle(Context& c, ByteView data) {
  using Traits = HandlerTraits<decltype(F)>;
  typename Traits::Arguments arguments;
  const Result<void> decoded = std::apply(
      [&](auto&... each) {
        abi::Reader in(data, (std::size_t{0} + ... + abi_words<std::remove_reference_t<decltype(each)>>()));
        (read_abi(in, each), ...);
        return in.finish();
      },
      arguments);
  if (!decoded) return revert<"InvalidCalldata">(decoded.error().message);
  auto outcome = std::apply([&](const auto&... each) { return F(c, each...); }, arguments);
  if (!outcome) return tl::unexpected(std::move(outcome).error());
  if constexpr (std::is_void_v<typename Traits::Return>)
    return Bytes{};
  else
    return encode_abi({}, *outcome);
}

template <auto F>
Call make_call(const CallText& text) {
  using Traits = HandlerTraits<decltype(F)>;
  Call out;
  out.name = text.name;
  out.type = text.type;
  out.gas = text.gas;
  out.gas_per_item = text.gas_per_item;
  out.meaning = text.meaning;
  out.inputs = []<class... Args>(std::tuple<Args...>*, std::string_view names) {
    return describe_args<Args...>(names);
  }(static_cast<typename Traits::Arguments*>(nullptr), text.arguments);
  out.last_word = []<class... Args>(std::tuple<Args...>*) {
    constexpr std::size_t kWords = (std::size_t{0} + ... + abi_words<Args>());
    return kWords == 0 ? 0 : kWords - 1;
  }(static_cast<typename Traits::Arguments*>(nullptr));
  if constexpr (!std::is_void_v<typename Traits::Return>)
    out.outputs = {describe_abi<typename Traits::Return>(text.result)};
  out.handler = &handle<F>;
  out.signature = canonical_signature(out.name, out.inputs);
  out.selector = abi::selector(out.signature);
  return out;
}

}  // namespace aitbc::market
