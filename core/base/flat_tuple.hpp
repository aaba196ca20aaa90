// What std::tuple does, for constant lists of values of different types. Lists of dozens stand in headers
// that hundreds of files read; std::tuple's recursion and the checks of its constructors would keep the
// compiler busy for seconds with each of those files.
#pragma once

#include <cstddef>
#include <utility>

namespace aitbc {

template <std::size_t I, class T>
struct FlatTupleElement {
  T value;
};

template <class Indices, class... T>
struct FlatTupleElements;
template <std::size_t... I, class... T>
struct FlatTupleElements<std::index_sequence<I...>, T...> : FlatTupleElement<I, T>... {
  static constexpr std::size_t kSize = sizeof...(T);

  constexpr explicit FlatTupleElements(const T&... each) : FlatTupleElement<I, T>{each}... {}

  // f(element...)
  template <class F>
  constexpr decltype(auto) apply(F&& f) const {
    return f(FlatTupleElement<I, T>::value...);
  }
  // The element at index N.
  template <std::size_t N>
  constexpr const auto& get() const {
    return at<N>(*this);
  }

 private:
  template <std::size_t N, class E>
  static constexpr const E& at(const FlatTupleElement<N, E>& element) {
    return element.value;
  }
};

template <class... T>
struct FlatTuple : FlatTupleElements<std::index_sequence_for<T...>, T...> {
  using FlatTupleElements<std::index_sequence_for<T...>, T...>::FlatTupleElements;
};
template <class... T>
FlatTuple(const T&...) -> FlatTuple<T...>;

}  // namespace aitbc
