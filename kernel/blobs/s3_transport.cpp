#include "kernel/blobs/s3_transport.hpp"

#include "kernel/base/text.hpp"
#include "kernel/net/peer.hpp"

namespace kernel::blobs {
namespace {

class OverHttp final : public S3Transport {
public:
    explicit OverHttp(std::string_view address) : peer_(address) {}
    const std::string& host() const noexcept override { return peer_.host(); }
    S3Answer ask(const std::string& method, const std::string& target, const S3Pairs& fields,
                 std::string_view body, std::size_t most) override {
        auto answer = peer_.ask({method, target, fields, body}, most);
        return {answer.status, std::move(answer.fields), std::move(answer.body)};
    }

private:
    net::Peer peer_;
};

}  // namespace

std::string S3Answer::field(std::string_view lower_case_name) const {
    for (const auto& [name, value] : fields) {
        if (base::lower_ascii(name) == lower_case_name) return value;
    }
    return {};
}

std::unique_ptr<S3Transport> s3_over_http(std::string_view address) {
    return std::make_unique<OverHttp>(address);
}

}  // namespace kernel::blobs
