// A bundle `.evidencia`: a published document with all that proves it, for whoever has no server to ask.
// The format is in docs/evidencia-formato.md.
#pragma once

#include "plugins/evidence/bundle/names.hpp"
#include "plugins/evidence/bundle/zip.hpp"
#include "plugins/evidence/crypto/ed25519.hpp"

#include <concejo/json.hpp>
#include <concejo/result.hpp>

namespace evidence::bundle {

/// A leaf of the log about the document, and its proof (a text of c2sp.org/tlog-proof). All the proofs of a
/// bundle lead to the same checkpoint, whose first signature is the log's.
struct Statement {
    std::string leaf, proof;
};

struct Attachment {
    std::string of;  ///< name in the bundle of what was signed or stamped: the document or the checkpoint
    Attached kind = Attached::timestamp;
    std::string bytes;  ///< DER (.p7s detached, .tsr a whole TimeStampResp, .ers) or XML
};

struct Contents {
    std::string extension = "pdf";
    std::string document;
    std::string salt;                   ///< of the leaf's `huella`
    std::vector<Statement> statements;  ///< the first is that of its publication or seal
    std::vector<Attachment> attachments;
    concejo::Json metadata = concejo::Json::object();  ///< what the publisher declares: texts by name
    std::optional<concejo::Json> availability;  ///< the record of exposure, as the publisher computed it
};

/// The file. `key` and `signer` are the log's. Throws Error{invalid} for contents that `read` would refuse.
std::string make(const Contents& contents, const crypto::PublicKey& key, const crypto::Ed25519Signer& signer);

/// Views into the file that was read.
struct Bundle {
    std::vector<File> files;  ///< all but the manifest and its signature
    File document;
    std::string_view salt, checkpoint, metadata, availability;  ///< availability: null where there is none
    crypto::PublicKey key{};
    struct Proven {
        std::string_view leaf, proof;
    };
    std::vector<Proven> statements;
    struct AttachedFile {
        AttachedName name;
        File file, of;
    };
    std::vector<AttachedFile> attachments;
    std::string_view manifest;
};

enum class Refusal {
    not_a_bundle,  ///< begins like no zip, or is too large: some other file
    form,          ///< not the canonical form: cut, wrapped, compressed, with more or less in it
    names,         ///< a file too many, too few, twice, or out of place
    manifest,      ///< the manifest says otherwise than the files
    key,           ///< clave.pem is no Ed25519 key in the canonical form
    signature      ///< the manifest's signature is not of that key
};

/// What the publisher declares: an object of texts in canonical JSON; nothing for anything else.
std::optional<concejo::Json> parse_metadata(std::string_view text);
/// The record of availability: an object in canonical JSON.
std::optional<concejo::Json> parse_availability(std::string_view text);

/// Everything that concerns the container has been verified in what it returns, the manifest's signature with
/// the key that came along too. What the files mean is for the caller to judge, and whose key it is.
concejo::Result<Bundle, Refusal> read(std::string_view file);

}  // namespace evidence::bundle
