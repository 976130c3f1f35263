// Delimited text as a Source: UTF-16 is converted in pieces, everything else is split where it lies.
#include "plugins/open-data/ingest/dialect.hpp"

namespace open_data::ingest {
namespace {

constexpr std::size_t piece_size = std::size_t{256} << 10;  // of UTF-16, converted at a time

/// The text from where the splitter stands on, as far as it is converted.
class Utf16Window {
public:
    Utf16Window(std::string_view bytes, Encoding encoding) : bytes_(bytes), encoding_(encoding) {}
    void refill(Splitter& splitter) {
        const auto rest = splitter.rest();
        buffer_.erase(0, buffer_.size() - rest.size());
        const auto piece = bytes_.substr(0, piece_size);
        const bool last = piece.size() == bytes_.size();
        bytes_.remove_prefix(append_utf16(encoding_, piece, last, buffer_));
        splitter.feed(buffer_, last);
    }
    const char* at() const { return bytes_.data(); }

private:
    std::string_view bytes_;
    Encoding encoding_;
    std::string buffer_;
};

class DelimitedCursor : public Cursor {
public:
    DelimitedCursor(const Bytes& bytes, std::string_view text, Encoding encoding, bool clean,
                    const Recipe& recipe)
        : bytes_(bytes),
          released_(text.data()),
          splitter_(dialect_of(recipe), encoding, clean),
          window_(text, encoding) {
        wide_ = encoding == Encoding::utf16_le || encoding == Encoding::utf16_be;
        splitter_.feed(wide_ ? std::string_view() : text, !wide_);
        if (recipe.wrapped) inner_ = std::make_unique<Splitter>(dialect_of(recipe), Encoding::utf8, true);
    }

    bool next(Row& row) override {
        const char* const at = wide_ ? window_.at() : splitter_.rest().data();
        if (at - released_ >= static_cast<std::ptrdiff_t>(release_step)) bytes_.release(released_ = at);
        for (;;) {
            const auto state = splitter_.next(row);
            if (state == Splitter::State::end) return false;
            if (state == Splitter::State::row) break;
            window_.refill(splitter_);
        }
        if (inner_ && splitter_.was_quoted_line() && row.fault == Fault::none) unwrap(row);
        return true;
    }

private:
    void unwrap(Row& row) {
        const auto line = row.line;
        inner_->feed(row.cells.front(), true);
        if (inner_->next(row) != Splitter::State::row) return;
        row.line = line;
        if (!inner_->rest().empty()) row = {line, {}, Fault::malformed};
    }

    const Bytes& bytes_;
    const char* released_;
    Splitter splitter_;
    std::unique_ptr<Splitter> inner_;
    Utf16Window window_;
    bool wide_;
};

class Delimited : public Source {
public:
    explicit Delimited(Bytes bytes)
        : bytes_(std::move(bytes)),
          told_(tell_encoding(bytes_.view(), [this](const char* at) { bytes_.release(at); })) {}

    void describe(Recipe& recipe) const override {
        recipe.container = "csv";
        recipe.encoding = name(told_.encoding);
        const auto text = bytes_.view().substr(told_.mark);
        const auto sample = text.substr(0, sample_size);
        if (told_.encoding == Encoding::utf16_le || told_.encoding == Encoding::utf16_be) {
            std::string converted;
            append_utf16(told_.encoding, sample, true, converted);
            tell_dialect(converted, sample.size() == text.size(), recipe);
        } else {
            tell_dialect(sample, sample.size() == text.size(), recipe);
        }
    }

    std::unique_ptr<Cursor> open(const Recipe& recipe) const override {
        const Encoding encoding = encoding_named(recipe.encoding);
        const bool clean = encoding == Encoding::utf8 && told_.clean;
        const bool wide = encoding == Encoding::utf16_le || encoding == Encoding::utf16_be;
        // A mark is none of the text whatever the recipe says, since the file itself says it.
        return std::make_unique<DelimitedCursor>(bytes_, bytes_.view().substr(told_.mark), encoding,
                                                 clean || wide, recipe);
    }

private:
    Bytes bytes_;
    Told told_;
};

}  // namespace

std::unique_ptr<Source> make_delimited(Bytes bytes) { return std::make_unique<Delimited>(std::move(bytes)); }

}  // namespace open_data::ingest
