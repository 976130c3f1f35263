// A file's bytes, mapped or held.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace open_data::ingest {

inline constexpr std::size_t release_step = std::size_t{8} << 20;  ///< how often release() is worth it

/// The mapping is read only and private to the process; nobody may cut the file short while it lasts.
class Bytes {
public:
    /// Throws Error{not_found} where there is no such file.
    static Bytes map(const std::filesystem::path&);
    explicit Bytes(std::string held) : held_(std::move(held)) {}
    ~Bytes();
    Bytes(Bytes&&) noexcept;
    Bytes& operator=(Bytes&&) = delete;

    std::string_view view() const {
        return mapped_ ? std::string_view(mapped_, size_) : std::string_view(held_);
    }

    /// Memory for what was read until here is given back; whoever reads it again has it from the file again.
    void release(const char* until) const;

private:
    Bytes(const char* mapped, std::size_t size) : mapped_(mapped), size_(size) {}
    std::string held_;
    const char* mapped_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace open_data::ingest
