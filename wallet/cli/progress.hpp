// How far something is that takes its time.
#pragma once

#include <chrono>
#include <string>

#include "wallet/cli/context.hpp"

namespace aitbc::cli {

// A line on the terminal that is written over until it is taken away; nothing where nobody watches, or in the
// first second.
class Progress {
 public:
  explicit Progress(Context& context) : context_(context), start_(context.env.now()) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() {
    if (shown_) context_.env.err << "\r\033[K" << std::flush;
  }

  double seconds() const { return std::chrono::duration<double>(context_.env.now() - start_).count(); }
  // Whether show() would show something: what is shown may take a question to the node.
  bool is_watched() const { return context_.env.err_is_terminal && seconds() >= 1; }
  void show(const std::string& text) {
    if (!is_watched()) return;
    context_.env.err << "\r\033[K" << text << " (" << static_cast<std::int64_t>(seconds()) << " s)"
                     << std::flush;
    shown_ = true;
  }

 private:
  Context& context_;
  std::chrono::steady_clock::time_point start_;
  bool shown_ = false;
};

}  // namespace aitbc::cli
