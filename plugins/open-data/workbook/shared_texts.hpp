// The texts that cells of XLSX share, by their number.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace open_data::workbook {

/// Bytes one behind the other in a file of the temporary folder that has no name any more: they fill no
/// memory.
class SpilledBytes {
public:
    SpilledBytes() = default;
    ~SpilledBytes();
    SpilledBytes(const SpilledBytes&) = delete;
    SpilledBytes& operator=(const SpilledBytes&) = delete;

    /// Throws Error{unavailable} where the disk is full.
    void add(std::string_view);
    std::uint64_t size() const { return written_ + piece_.size(); }
    /// Nothing is added any more; all of it, for as long as this lives.
    std::string_view seal();

private:
    void write();
    int file_ = -1;
    std::uint64_t written_ = 0;
    std::string piece_;
    void* mapped_ = nullptr;
};

class SharedTexts {
public:
    void add(std::string_view text);
    /// Bytes that they take.
    std::uint64_t size() const { return texts_.size() + ends_.size(); }
    void seal();
    /// Empty where there is none of that number; after seal().
    std::string_view text(std::uint64_t number) const;

private:
    std::uint64_t end(std::uint64_t number) const;
    SpilledBytes texts_, ends_;
    std::string_view all_texts_, all_ends_;
};

}  // namespace open_data::workbook
