#include "node/control_socket.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <thread>

namespace aitbc {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxLine = 8192;
constexpr int kPatienceMs = 5000;
constexpr std::string_view kOk = "ok ";
constexpr std::string_view kError = "error ";

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  int get() const { return value_; }

 private:
  int value_;
};

Result<sockaddr_un> address_of(const fs::path& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.native().size() >= sizeof address.sun_path)
    return fail(ErrorCode::limit, "the path is too long for a socket: " + path.string());
  std::memcpy(address.sun_path, path.c_str(), path.native().size());
  return address;
}

tl::unexpected<Error> io_failure(const std::string& what) {
  return fail(ErrorCode::io, what + ": " + std::strerror(errno));
}

// Up to the line's end; empty when it does not come in time.
std::string read_line(int descriptor, int patience_ms) {
  std::string line;
  std::array<char, 512> part;
  while (line.size() <= kMaxLine) {
    pollfd waiting{.fd = descriptor, .events = POLLIN, .revents = 0};
    if (::poll(&waiting, 1, patience_ms) <= 0) return {};
    const ssize_t got = ::recv(descriptor, part.data(), part.size(), 0);
    if (got <= 0) return {};
    line.append(part.data(), static_cast<std::size_t>(got));
    if (const std::size_t end = line.find('\n'); end != std::string::npos) return line.substr(0, end);
  }
  return {};
}

void write_line(int descriptor, std::string line) {
  line += '\n';
  ::send(descriptor, line.data(), line.size(), MSG_NOSIGNAL);  // who hung up does not want the answer
}

}  // namespace

struct ControlSocket::Impl {
  Impl(fs::path the_path, Handler the_handler, int socket)
      : path(std::move(the_path)),
        handler(std::move(the_handler)),
        listener(socket),
        wake(::eventfd(0, EFD_CLOEXEC)) {}

  void run() {
    for (;;) {
      std::array<pollfd, 2> waiting{pollfd{.fd = listener.get(), .events = POLLIN, .revents = 0},
                                    pollfd{.fd = wake.get(), .events = POLLIN, .revents = 0}};
      if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return;
      if (waiting[1].revents != 0) return;
      if (waiting[0].revents == 0) continue;
      const Descriptor client(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
      if (client.get() >= 0) answer(client.get());
    }
  }

  void answer(int client) const {
    const std::string line = read_line(client, kPatienceMs);
    if (line.empty()) return;
    const auto done = handler(line);
    write_line(client, done ? std::string(kOk) + *done : std::string(kError) + done.error().message);
  }

  const fs::path path;
  const Handler handler;
  const Descriptor listener;
  const Descriptor wake;
  std::thread thread;
};

Result<std::unique_ptr<ControlSocket>> ControlSocket::open(const fs::path& path, Handler handler) {
  AITBC_ASSIGN(const sockaddr_un address, address_of(path));
  ::unlink(path.c_str());  // the database's lock tells that no other node runs here
  const int descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto impl = std::make_unique<Impl>(path, std::move(handler), descriptor);
  const mode_t mask = ::umask(S_IRWXG | S_IRWXO);
  const bool bound = ::bind(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  ::umask(mask);
  if (!bound || ::listen(descriptor, 4) != 0) return io_failure("cannot listen on " + path.string());
  std::unique_ptr<ControlSocket> out(new ControlSocket());
  impl->thread = std::thread([raw = impl.get()] { raw->run(); });
  out->impl_ = std::move(impl);
  return out;
}

ControlSocket::~ControlSocket() {
  const std::uint64_t one = 1;
  if (::write(impl_->wake.get(), &one, sizeof one) == sizeof one) impl_->thread.join();
  ::unlink(impl_->path.c_str());
}

Result<std::string> ask_control_socket(const fs::path& path, const std::string& line) {
  AITBC_ASSIGN(const sockaddr_un address, address_of(path));
  const Descriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return fail(ErrorCode::unavailable, "no node runs in " + path.parent_path().string());
  write_line(socket.get(), line);
  const std::string answer = read_line(socket.get(), -1);
  if (answer.starts_with(kOk)) return answer.substr(kOk.size());
  if (answer.starts_with(kError)) return fail(ErrorCode::io, answer.substr(kError.size()));
  return fail(ErrorCode::io, "the node ended before it answered");
}

}  // namespace aitbc
