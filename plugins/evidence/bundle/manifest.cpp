#include "plugins/evidence/bundle/manifest.hpp"

#include "plugins/evidence/crypto/digest.hpp"
#include "plugins/evidence/crypto/encoding.hpp"

namespace evidence::bundle {

std::string manifest(const std::vector<File>& files) {
    std::string text = "# evidencia/1\n";
    for (const auto& file : files) {
        text += "# " + std::to_string(file.bytes.size()) + " bytes\n";
        text += crypto::hex(crypto::view(crypto::sha256(file.bytes)));
        text += "  ";
        text += file.name;
        text += '\n';
    }
    return text;
}

}  // namespace evidence::bundle
