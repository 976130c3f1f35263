// SHA-256 by pieces (OpenSSL).
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace kernel::http {

class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void update(std::string_view bytes);
    std::string hex();  ///< 64 lower-case digits; ends the calculation

private:
    evp_md_ctx_st* context_;
};

std::string sha256_hex(std::string_view bytes);

}  // namespace kernel::http
