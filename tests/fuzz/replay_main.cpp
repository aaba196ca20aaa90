// Stands in for libFuzzer's main: feeds the files of a corpus folder, and prefixes and bit flips of each, to
// the target.
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

void feed(const std::vector<std::uint8_t>& input) { LLVMFuzzerTestOneInput(input.data(), input.size()); }

void feed_variations(std::vector<std::uint8_t> input) {
  feed(input);
  for (std::size_t i = 0; i < input.size() && i < 512; ++i) {
    feed({input.begin(), input.begin() + static_cast<std::ptrdiff_t>(i)});
    for (const int bit : {0, 3, 7}) {
      input[i] = static_cast<std::uint8_t>(input[i] ^ 1U << bit);
      feed(input);
      input[i] = static_cast<std::uint8_t>(input[i] ^ 1U << bit);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t files = 0;
  feed({});
  for (int i = 1; i < argc; ++i) {
    if (!std::filesystem::is_directory(argv[i])) continue;
    for (const auto& entry : std::filesystem::directory_iterator(argv[i])) {
      std::ifstream in(entry.path(), std::ios::binary);
      feed_variations({std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()});
      ++files;
    }
  }
  std::printf("%zu corpus files and their variations replayed\n", files);
  return files == 0 ? 1 : 0;
}
