#include "plugins/open-data/ingest/copy_encoder.hpp"

#include <bit>
#include <cstring>

namespace open_data::ingest {
namespace {

// A socket holds several: the server reads them while the next one is made. With one that fills it each waits for the other.
constexpr std::size_t piece_bytes = std::size_t{32} << 10;
constexpr std::size_t most_fixed = 80;  // bytes of a value that is no text, its length included
constexpr std::string_view copy_signature("PGCOPY\n\xFF\r\n\0\0\0\0\0\0\0\0\0", 19);

template <class Number>
char* put(Number number, char* out) {
    std::array<unsigned char, sizeof(Number)> bytes{};
    for (std::size_t i = 0; i < sizeof(Number); ++i)
        bytes[i] = static_cast<unsigned char>(number >> (8 * (sizeof(Number) - 1 - i)));
    std::memcpy(out, bytes.data(), bytes.size());
    return out + sizeof(Number);
}

char* put_length(std::size_t length, char* out) { return put(static_cast<std::uint32_t>(length), out); }
char* put_short(int number, char* out) { return put(static_cast<std::uint16_t>(number), out); }

/// numeric_send(): how many digits of base 10000 there are, the first one's power, sign, decimals shown, the
/// digits.
class NumericDigits {
public:
    explicit NumericDigits(std::string_view text) {
        negative_ = text.front() == '-';
        if (negative_) text.remove_prefix(1);
        const auto point = std::min(text.find('.'), text.size());
        const auto whole = text.substr(0, point);
        const auto decimals = point < text.size() ? text.substr(point + 1) : std::string_view();
        scale_ = static_cast<int>(decimals.size());
        const auto ahead = whole.size() % 4;
        if (ahead) add(whole.substr(0, ahead), 1);
        for (std::size_t i = ahead; i < whole.size(); i += 4) add(whole.substr(i, 4), 1);
        weight_ = static_cast<int>(count_) - 1;
        for (std::size_t i = 0; i < decimals.size(); i += 4) {
            const auto four = decimals.substr(i, 4);
            add(four, four.size() == 4 ? 1 : four.size() == 3 ? 10 : four.size() == 2 ? 100 : 1000);
        }
        strip();
    }

    char* write(char* out) const {
        const auto kept = count_ - first_;
        out = put_length(8 + 2 * kept, out);
        out = put_short(static_cast<int>(kept), out);
        out = put_short(kept ? weight_ : 0, out);
        out = put_short(kept && negative_ ? 0x4000 : 0, out);
        out = put_short(scale_, out);
        for (std::size_t i = first_; i < count_; ++i) out = put_short(digits_[i], out);
        return out;
    }

private:
    void add(std::string_view figures, int times) {
        int digit = 0;
        for (const char c : figures) digit = digit * 10 + (c - '0');
        digits_[count_++] = digit * times;
    }
    void strip() {
        while (count_ && digits_[count_ - 1] == 0) --count_;
        while (first_ < count_ && digits_[first_] == 0) ++first_, --weight_;
    }

    bool negative_ = false;
    int weight_ = 0, scale_ = 0;
    std::size_t first_ = 0, count_ = 0;
    std::array<int, 32> digits_;  // of at most max_number figures
};

char* put_value(const Value& value, char* out) {
    switch (value.type) {
        case Type::text:
            out = put_length(value.text.size(), out);
            std::memcpy(out, value.text.data(), value.text.size());
            return out + value.text.size();
        case Type::numeric:
            return NumericDigits(value.text).write(out);
        case Type::boolean:
            out = put_length(1, out);
            *out = value.boolean ? 1 : 0;
            return out + 1;
        case Type::date:
            return put(static_cast<std::uint32_t>(value.integer), put_length(4, out));
        case Type::integer:
        case Type::time:
        case Type::timestamp:
            break;
    }
    return put(static_cast<std::uint64_t>(value.integer), put_length(8, out));
}

}  // namespace

std::string_view sql_type(Type type) { return type == Type::integer ? "bigint" : name(type); }

char* CopyEncoder::room(std::size_t size) {
    if (buffer_.size() < used_ + size) buffer_.resize(std::max(used_ + size, piece_bytes * 2));
    return buffer_.data() + used_;
}

void CopyEncoder::header() {
    std::memcpy(room(copy_signature.size()), copy_signature.data(), copy_signature.size());
    used_ += copy_signature.size();
    began_ = true;
}

void CopyEncoder::row(std::span<const Value> values) {
    std::size_t most = 16 + values.size() * most_fixed;
    for (const auto& value : values) most += value.type == Type::text ? value.text.size() : 0;
    char* const begin = room(most);
    char* out = put_short(static_cast<int>(values.size() + 1), begin);
    out = put(static_cast<std::uint64_t>(++id_), put_length(8, out));
    for (const auto& value : values) out = value.null ? put(~std::uint32_t{0}, out) : put_value(value, out);
    used_ += static_cast<std::size_t>(out - begin);
}

bool CopyEncoder::next(std::string& piece) {
    if (ended_) return false;
    used_ = 0;
    if (!began_) header();
    std::span<const Value> values;
    while (used_ < piece_bytes && !ended_) {
        if (reader_.next(values)) {
            row(values);
        } else {
            used_ = static_cast<std::size_t>(put(std::uint16_t{0xFFFF}, room(2)) - buffer_.data());
            ended_ = true;
        }
    }
    piece.assign(buffer_, 0, used_);
    return true;
}

}  // namespace open_data::ingest
