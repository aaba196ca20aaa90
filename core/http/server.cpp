#include "http/server.hpp"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <thread>
#include <vector>

#include "base/thread.hpp"
#include "http/impl/http_session.hpp"
#include "http/impl/tls.hpp"
#include "http/impl/worker.hpp"

namespace aitbc::http {
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Connections beyond the limit that may be told so at one time; more wait in the listen queue.
constexpr std::uint64_t kRefusedAtOnce = 64;
constexpr std::chrono::milliseconds kAcceptPause{20};

std::string json_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(static_cast<unsigned char>(c) < 0x20 ? ' ' : c);
  }
  return out;
}

Response plain_error(unsigned status, std::string_view, std::string message) {
  Response response;
  response.status = status;
  response.body = R"({"detail":")" + json_escaped(message) + R"("})";
  return response;
}

}  // namespace

struct Server::Impl {
  explicit Impl(ServerOptions options);

  Result<void> listen();
  void accept();
  void on_accept(Worker& worker, tcp::socket socket);
  void accept_later();
  void stop();

  ServerCore core;
  std::vector<std::unique_ptr<Worker>> workers;
  std::vector<std::thread> threads;
  tcp::acceptor acceptor;
  asio::steady_timer pause;
  std::size_t next_worker = 0;
  std::uint16_t port = 0;
  bool stopping = false;  // on the first worker's thread
};

namespace {

std::vector<std::unique_ptr<Worker>> make_workers(ServerCore& core, std::size_t count) {
  std::vector<std::unique_ptr<Worker>> workers;
  for (std::size_t i = 0; i < std::max<std::size_t>(count, 1); ++i)
    workers.push_back(std::make_unique<Worker>(core));
  return workers;
}

}  // namespace

Server::Impl::Impl(ServerOptions options)
    : core(std::move(options)),
      workers(make_workers(core, core.options.threads)),
      acceptor(workers.front()->context),
      pause(workers.front()->context) {
  core.format_error = plain_error;
}

Result<void> Server::Impl::listen() {
  const std::string where = core.options.address + ":" + std::to_string(core.options.port);
  boost::system::error_code error;
  const auto address = asio::ip::make_address(core.options.address, error);
  if (error) return fail(ErrorCode::invalid_input, "not an IP address to listen on: " + core.options.address);
  const tcp::endpoint endpoint(address, core.options.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return fail(ErrorCode::io, "cannot listen on " + where + ": " + error.message());
  port = acceptor.local_endpoint(error).port();
  return {};
}

void Server::Impl::accept() {
  if (stopping) return;
  if (core.connections >= core.options.max_connections + kRefusedAtOnce) return accept_later();
  Worker& worker = *workers[next_worker++ % workers.size()];
  acceptor.async_accept(worker.context,
                        [this, &worker](const boost::system::error_code& error, tcp::socket socket) {
                          if (error == asio::error::operation_aborted) return;
                          if (error) return accept_later();  // out of file descriptors, most likely
                          on_accept(worker, std::move(socket));
                          accept();
                        });
}

void Server::Impl::accept_later() {
  pause.expires_after(kAcceptPause);
  pause.async_wait([this](const boost::system::error_code& error) {
    if (!error) accept();
  });
}

void Server::Impl::on_accept(Worker& worker, tcp::socket socket) {
  ++core.accepted;
  const bool too_many = core.connections >= core.options.max_connections;
  if (too_many) ++core.refused;
  asio::post(worker.context,
             [&worker, socket = std::move(socket), ticket = Ticket(core), too_many]() mutable {
               auto& tls = worker.core().tls;
               const auto session = std::make_shared<HttpSession>(
                   worker, Stream(std::move(socket), tls ? &*tls : nullptr), std::move(ticket));
               if (too_many)
                 session->refuse_connection();
               else
                 session->start();
             });
}

void Server::Impl::stop() {
  if (threads.empty()) return;
  asio::post(workers.front()->context, [this] {
    stopping = true;
    boost::system::error_code ignored;  // nothing to be done about a listener that does not close
    acceptor.close(ignored);
    pause.cancel();
  });
  for (const auto& worker : workers) asio::post(worker->context, [w = worker.get()] { w->shut_down(); });
  const auto give_up = Clock::now() + core.options.linger_timeout;
  while (core.connections > 0 && Clock::now() < give_up)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  for (const auto& worker : workers) worker->context.stop();
  for (std::thread& thread : threads) thread.join();
  threads.clear();
}

Server::Server(ServerOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Server::~Server() { stop(); }

void Server::add_route(std::string method, std::string path, Handler handler) {
  impl_->core.router.add(std::move(method), std::move(path), std::move(handler));
}
void Server::add_deferred_route(std::string method, std::string path, DeferredHandler handler) {
  impl_->core.router.add_deferred(std::move(method), std::move(path), std::move(handler));
}
void Server::set_websocket(std::string path, WebSocketFactory factory) {
  impl_->core.websocket_path = std::move(path);
  impl_->core.websocket_factory = std::move(factory);
}
void Server::set_error_formatter(ErrorFormatter formatter) {
  impl_->core.format_error = std::move(formatter);
}

Result<void> Server::start() {
  AITBC_ASSIGN(impl_->core.tls, make_tls_context(impl_->core.options));
  AITBC_TRY(impl_->listen());
  impl_->accept();
  for (const auto& worker : impl_->workers)
    impl_->threads.emplace_back([w = worker.get()] {
      name_thread("http");
      if (w->core().options.lets_others_go_first) let_others_go_first();
      w->run();
    });
  return {};
}

void Server::stop() { impl_->stop(); }
std::uint16_t Server::port() const { return impl_->port; }

ServerStats Server::stats() const {
  const ServerCore& core = impl_->core;
  return {.connections = core.connections,
          .websockets = core.websockets,
          .accepted = core.accepted,
          .refused = core.refused,
          .requests = core.requests,
          .body_bytes = core.body_budget.used(),
          .output_bytes = core.output_budget.used()};
}

void Server::post(std::function<void()> task) {
  asio::post(impl_->workers.front()->context, std::move(task));
}

void Server::post_after(std::chrono::milliseconds delay, std::function<void()> task) {
  post([context = &impl_->workers.front()->context, delay, task = std::move(task)]() mutable {
    auto timer = std::make_shared<asio::steady_timer>(*context, delay);
    timer->async_wait([timer, task = std::move(task)](const boost::system::error_code& error) {
      if (!error) task();
    });
  });
}

}  // namespace aitbc::http
