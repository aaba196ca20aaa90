#include "node/data_directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "codec/hex.hpp"

namespace aitbc {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> io_failure(const char* what, const fs::path& file) {
  return fail(ErrorCode::io,
              std::string("cannot ") + what + " " + file.string() + ": " + std::strerror(errno));
}

bool write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor, text.data(), text.size());
    if (written < 0 && errno != EINTR) return false;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return ::fsync(descriptor) == 0;
}

}  // namespace

Result<std::string> read_text_file(const fs::path& file) {
  errno = 0;
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in) return io_failure("read", file);
  return text;
}

Result<void> write_text_file(const fs::path& file, std::string_view text, const WriteOptions& options) {
  if (!options.overwrite && fs::exists(file))
    return fail(ErrorCode::conflict, file.string() + " exists already");
  std::error_code error;
  if (file.has_parent_path()) fs::create_directories(file.parent_path(), error);
  fs::path temporary = file;
  temporary += ".new";
  const int descriptor =
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, options.secret ? 0600 : 0644);
  if (descriptor < 0) return io_failure("create", temporary);
  const bool written = write_all(descriptor, text);
  const bool closed = ::close(descriptor) == 0;
  if (written && closed && ::rename(temporary.c_str(), file.c_str()) == 0) return {};
  const auto failure = io_failure("write", file);
  fs::remove(temporary, error);
  return failure;
}

Result<PrivateKey> read_key_file(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return io_failure("read", file);
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fail(ErrorCode::invalid_input,
                file.string() + " may be read by others; run: chmod 600 " + file.string());
  AITBC_ASSIGN(std::string text, read_text_file(file));
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  auto bytes = hex::decode(text);
  secure_clear({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  if (!bytes) return fail(ErrorCode::invalid_input, file.string() + " does not hold a key of 64 hex digits");
  auto key = PrivateKey::from_bytes(*bytes);
  secure_clear(*bytes);
  if (!key) return fail(ErrorCode::invalid_input, file.string() + " does not hold a secp256k1 key");
  return key;
}

Result<void> write_key_file(const fs::path& file, const PrivateKey& key) {
  std::string text = hex::encode(key.secret()) + "\n";
  auto written = write_text_file(file, text, {.overwrite = false, .secret = true});
  secure_clear({reinterpret_cast<std::uint8_t*>(text.data()), text.size()});
  return written;
}

Result<PrivateKey> ensure_key_file(const fs::path& file) {
  if (fs::exists(file)) return read_key_file(file);
  const PrivateKey key = PrivateKey::generate();
  AITBC_TRY(write_key_file(file, key));
  return key;
}

Result<genesis::Genesis> read_genesis_file(const fs::path& file) {
  AITBC_ASSIGN(const std::string text, read_text_file(file));
  auto parsed = genesis::parse_genesis(text);
  if (!parsed) return fail(parsed.error().code, file.string() + ": " + parsed.error().message);
  if (auto valid = genesis::validate(*parsed); !valid)
    return fail(valid.error().code, file.string() + ": " + valid.error().message);
  return parsed;
}

}  // namespace aitbc
