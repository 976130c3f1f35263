#include "plugins/evidence/factory/flow.hpp"

namespace evidence::factory {
namespace {

// A run of headings and nothing else: kept together no longer.
constexpr std::size_t most_pending = 200;

}  // namespace

void Flow::add(Piece piece) {
    const bool keep = piece.keep && pending_.size() < most_pending;
    pending_.push_back(std::move(piece));
    if (!keep) flush();
}

void Flow::flush() {
    if (pending_.empty()) return;
    const auto& first = pending_.front();
    double together = first.repeated ? first.repeated->height : 0;
    for (const auto& piece : pending_) together += piece.before + piece.height;
    if (together <= room()) make_room(first, together);
    for (auto& piece : pending_) {
        make_room(piece, piece.before + piece.height);
        if (!fresh_) y_ += piece.before;
        piece.draw(paper_, y_);
        y_ += piece.height;
        fresh_ = false;
    }
    pending_.clear();
}

void Flow::make_room(const Piece& piece, double height) {
    if (fresh_ || y_ + height <= bottom_) return;
    next_page();
    if (!piece.repeated) return;
    paper_.behind([again = piece.repeated, y = y_](cairo_t* cairo) { again->draw(cairo, y); });
    y_ += piece.repeated->height;
}

void Flow::break_page() {
    flush();
    if (!fresh_) next_page();
}

void Flow::next_page() {
    paper_.next_page();
    y_ = top_;
    fresh_ = true;
}

}  // namespace evidence::factory
