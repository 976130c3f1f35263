// SHA-256 (FIPS 180-4) and comparison of secrets.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace kernel::base {

/// Fed piece by piece. Not for several threads at once.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    Sha256& update(std::string_view bytes);
    /// 32 bytes. Called once, last.
    std::string finish();
    /// 64 lower-case digits. Called once, last, instead of finish().
    std::string finish_hex();

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// 32 bytes.
std::string sha256(std::string_view bytes);
/// 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

/// Its time depends on the lengths only, never on where the texts differ.
bool equals_constant_time(std::string_view a, std::string_view b) noexcept;

}  // namespace kernel::base
