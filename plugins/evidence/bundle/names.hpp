// What the files of a bundle are called, and so what each of them is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace evidence::bundle {

constexpr std::string_view readme_name = "LEEME.txt";
constexpr std::string_view key_name = "clave.pem";
constexpr std::string_view availability_name = "disponibilidad.json";
constexpr std::string_view metadata_name = "metadatos.json";
constexpr std::string_view checkpoint_name = "punto-de-control.txt";
constexpr std::string_view salt_name = "sal.bin";

/// "documento.pdf". Throws nothing; an extension is 1 to 5 of a-z 0-9.
std::string document_name(std::string_view extension);
bool is_document(std::string_view name);

/// "hoja-001.json" and "hoja-001.tlog-proof", from 1 to 999.
std::string leaf_name(unsigned number);
std::string proof_name(unsigned number);

/// A signature or timestamp of another file of the bundle, in a file of its own.
enum class Attached { cms, xades, timestamp, evidence_record };

/// "documento.pdf.1.p7s": the first signature of documento.pdf. Numbers count from 1 for each file and kind.
std::string attached_name(std::string_view of, unsigned number, Attached kind);
struct AttachedName {
    std::string_view of;
    unsigned number;
    Attached kind;
};
std::optional<AttachedName> parse_attached(std::string_view name);

}  // namespace evidence::bundle
