SELECT card_number, barcode, partner_id, user_id, kind, city, issued_at, issued_on, note, loaded_at
FROM cards
WHERE NOT deleted
