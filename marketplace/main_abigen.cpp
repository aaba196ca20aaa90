// aitbc-abigen DOCS: writes DOCS/abi/IMarketplace.json and .sol, and DOCS/marketplace-calls.md.
// aitbc-abigen --check DOCS: compares them with what it would write; exit status 1 when they differ.
#include <fstream>
#include <iostream>
#include <iterator>

#include "marketplace/abi.hpp"
#include "marketplace/reference_page.hpp"

namespace {

bool is_current(const std::string& path, const std::string& content) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {}) == content;
}

bool write_file(const std::string& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  return static_cast<bool>(file.flush());
}

}  // namespace

int main(int argc, char** argv) {
  const bool check = argc == 3 && std::string(argv[1]) == "--check";
  if (!check && argc != 2) {
    std::cerr << "usage: aitbc-abigen [--check] DOCS\n";
    return 2;
  }
  const std::string folder = argv[argc - 1];
  const std::pair<std::string, std::string> documents[] = {
      {folder + "/abi/IMarketplace.json", aitbc::market::abi_json() + "\n"},
      {folder + "/abi/IMarketplace.sol", aitbc::market::solidity_interface()},
      {folder + "/marketplace-calls.md", aitbc::market::reference_page()},
  };
  int status = 0;
  for (const auto& [path, content] : documents) {
    if (check ? is_current(path, content) : write_file(path, content)) continue;
    std::cerr << path
              << (check ? " is not current: run aitbc-abigen on the docs folder\n" : " cannot be written\n");
    status = 1;
  }
  return status;
}
