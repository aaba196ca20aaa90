#include "wallet/cli/written_file.hpp"

namespace aitbc::cli {

void report_file(const Context& context, const std::string& sentence, const std::string& file) {
  Output output = context.output();
  if (output.is_json())
    output.record({{{"file", "File"}, text_cell(file)}});
  else
    output.line(sentence);
}

}  // namespace aitbc::cli
