// A file of its own that is gone at the end.
#pragma once

#include <concejo/call.hpp>

#include <fstream>

namespace open_data {

class Spool {
public:
    Spool();                                               ///< to be written
    Spool(const concejo::Call&, const std::string& blob);  ///< holds a stored content
    ~Spool();
    Spool(const Spool&) = delete;
    Spool& operator=(const Spool&) = delete;

    /// Empties `piece`.
    void write(std::string& piece);
    /// Throws Error{unavailable} where the disk is full.
    const std::string& finish();
    const std::string& path() const { return path_; }

private:
    std::string path_;
    std::ofstream out_;
};

}  // namespace open_data
