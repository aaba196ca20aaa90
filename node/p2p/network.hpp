// The network as the node's parts see it: peers that passed the handshake, and messages. Real ones come over
// TLS (tls_network.hpp), the simulator's over virtual wires.
//
// Everything here is called on the net executor, and calls its listeners there.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "node/p2p/messages.hpp"

namespace aitbc::p2p {

// A connection's number, never used again (consensus::PeerId).
using PeerId = std::uint64_t;

// A message encoded once, to be sent to any number of peers.
using Frame = std::shared_ptr<const Bytes>;
inline Frame make_frame(const Message& message) { return std::make_shared<const Bytes>(encode(message)); }

struct Peer {
  PeerId id = 0;
  NodeId node;
  std::string client;
  std::string host;               // the other end's address
  std::uint16_t port = 0;         // of the connection's other end
  std::uint16_t listen_port = 0;  // on which it takes connections; 0: none
  bool inbound = false;
  bool is_static = false;  // named by the operator
  Head head;               // what it said last, in Hello or NewHead; not verified
};

// While a copy lives, the message that it came with counts as unread, and a peer with too many unread bytes
// is not read from. Keep it as long as work on the message is under way. May be null. Release on any thread.
using Hold = std::shared_ptr<const void>;

// How grave it is. The peer's score falls by as much; it recovers with time; at nothing the peer is banned
// for a while.
enum class Offence {
  nuisance,   // useless or too much: a hundred of them in a short time are a flood
  violation,  // no honest node of this version sends this; twice may be an accident
  forgery,    // made to deceive: an invalid signature, seal or block
};

class NetworkListener {
 public:
  virtual ~NetworkListener() = default;
  virtual void on_connected(const Peer&) {}
  // It is not in peers() any more. May come within disconnect() and punish().
  virtual void on_disconnected(PeerId) {}
  // Hello, Goodbye, Ping, Pong and Neighbours are the network's own and are not passed on. After NewHead the
  // peer's head in peers() is the new one.
  virtual void on_message(PeerId, const Message&, const Hold&) {}
};

class Network {
 public:
  virtual ~Network() = default;

  // The listener outlives the network's activity. Each listener sees everything, in the order of adding.
  virtual void add_listener(NetworkListener& listener) = 0;

  virtual std::vector<Peer> peers() const = 0;
  // False: the message was dropped, because the peer is gone or does not take what it is sent.
  virtual bool send(PeerId peer, const Frame& frame) = 0;
  // Whether both ends say that these two are connected with each other. What one of them sent to all its
  // peers reaches the other one without us.
  virtual bool are_neighbours(PeerId a, PeerId b) const = 0;
  virtual void disconnect(PeerId peer, std::string_view reason) = 0;
  virtual void punish(PeerId peer, Offence offence, std::string_view reason) = 0;
};

}  // namespace aitbc::p2p
