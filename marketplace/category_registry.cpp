// To add a category, add its line here.
#include <array>

#include "marketplace/categories.hpp"

namespace aitbc::market {
namespace {

constexpr std::array kInference = {Requirement{Resource::gpu, 8, 24, "GB"},
                                   Requirement{Resource::memory, 16, 64, "GB"},
                                   Requirement{Resource::cpu, 4, 16, "cores"}};
constexpr std::array kTraining = {Requirement{Resource::gpu, 16, 80, "GB"},
                                  Requirement{Resource::memory, 32, 256, "GB"},
                                  Requirement{Resource::storage, 100, 2000, "GB"}};
constexpr std::array kData = {Requirement{Resource::cpu, 4, 32, "cores"},
                              Requirement{Resource::memory, 16, 128, "GB"},
                              Requirement{Resource::storage, 50, 1000, "GB"}};
constexpr std::array kRental = {Requirement{Resource::gpu, 4, 24, "GB"}};
constexpr std::array kVideo = {Requirement{Resource::gpu, 12, 24, "GB"},
                               Requirement{Resource::memory, 32, 128, "GB"},
                               Requirement{Resource::storage, 100, 1000, "GB"}};

constexpr std::array kCategories = {
    Category{"ai-inference", "AI Inference", "brain", "Large language model and neural network inference",
             kInference, PricingModel::hourly, 10'000, 500},
    Category{"ai-training", "AI Training", "layers", "Training and fine-tuning of models", kTraining,
             PricingModel::hourly, 20'000, 1'000},
    Category{"data-processing", "Data Processing", "table", "Analysis and transformation of data sets", kData,
             PricingModel::fixed, 25'000, 0},
    Category{"gpu-rental", "GPU Rental", "chip", "A GPU by the hour, for any work", kRental,
             PricingModel::hourly, 5'000, 0},
    Category{"video-rendering", "Video Rendering", "video", "High-quality video rendering and encoding",
             kVideo, PricingModel::per_unit, 5'000, 100},
};

}  // namespace

std::span<const Category> categories() { return kCategories; }

}  // namespace aitbc::market
